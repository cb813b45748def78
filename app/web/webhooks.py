"""Where Jira's webhooks arrive: one address for the whole installation (jira-platform.md §5).

No session, no CSRF token: the header proves the sender, and is checked before a byte of the body
is read. Jira tries again after 503 and 5xx; every 4xx is final for it (jira-platform.md §5.2).
"""

import logging
from functools import lru_cache

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from app import clock
from app.clock import utcnow
from app.extensions import csrf, db
from app.services.inbound import receive, signatures
from app.services.inbound.arrival_rate import TooManyDeliveries
from app.services.inbound.receive import Delivery, UnusableDelivery
from app.services.inbound.signatures import NotFromJira
from app.web.access import public

bp = Blueprint("webhooks", __name__)
csrf.exempt(bp)
log = logging.getLogger(__name__)

IDENTIFIER = "X-Atlassian-Webhook-Identifier"
RETRY = "X-Atlassian-Webhook-Retry"
LARGEST_BODY = 1024 * 1024  # bytes
LOGGED_EVERY = 60.0  # seconds; strangers may knock as often as they like
RETRY_AFTER = 60  # seconds

_logged_at: dict[str, float] = {}


@bp.post("/webhooks/jira")
@public
def create() -> Response:
    try:
        secrets = current_app.config["JIRA_CLIENT_SECRETS"]
        token = signatures.check(request.headers.get("Authorization"), secrets, utcnow())
        _tell_claims(token.claims)
        return _stored(_delivery(token.life))
    except NotFromJira as error:
        _tell(error.kind)
        return _answer(401, **{"WWW-Authenticate": "Bearer"})
    except RequestEntityTooLarge:
        _tell("too-large")
        return _answer(413)
    except BadRequest:  # the sender broke off
        return _answer(400)
    except UnusableDelivery as error:
        _tell(str(error))
        return _answer(400)


def _delivery(token_life: int) -> Delivery:
    body, identifier = _body(), request.headers.get(IDENTIFIER)
    retried = RETRY in request.headers
    return receive.read(body, identifier, retried=retried, token_life=token_life)


def _body() -> bytes:
    """A body of unknown length ends silently at Werkzeug's limit: the byte beyond gives it away."""
    request.max_content_length = LARGEST_BODY + 1
    body = request.get_data(cache=False)
    if len(body) > LARGEST_BODY:
        raise RequestEntityTooLarge
    return body


def _stored(delivery: Delivery) -> Response:
    """What was not stored must be sent again; the Retry header then says that there was a gap."""
    try:
        receive.store(delivery, utcnow())
        db.session.commit()
    except (DBAPIError, NoFreeConnection) as error:
        db.session.rollback()
        ids = {"webhooks": delivery.hint.webhook_ids[:5], "issue": delivery.hint.issue_id}
        log.warning("webhook not stored", extra={**ids, "error": type(error).__name__})
        return _answer(503, **{"Retry-After": str(RETRY_AFTER)})
    except TooManyDeliveries:
        db.session.rollback()
        _tell("too-many")
        return _answer(503, **{"Retry-After": str(RETRY_AFTER)})
    return _answer(204)


def _answer(code: int, **headers: str) -> Response:
    """No words: a stranger learns nothing, and Jira reads none."""
    return Response("", code, headers, mimetype="text/plain")


def _tell(kind: str) -> None:
    """One line a minute for each kind of refusal and process."""
    now = clock.monotonic()
    if now - _logged_at.get(kind, -LOGGED_EVERY) >= LOGGED_EVERY:
        _logged_at[kind] = now
        log.warning("webhook refused", extra={"kind": kind})


@lru_cache(maxsize=16)
def _tell_claims(names: tuple[str, ...]) -> None:
    """Atlassian does not publish what its tokens hold: write down each set of names once."""
    log.info("webhook token", extra={"claims": ",".join(names)[:200]})
