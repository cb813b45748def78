"""Where Jira's webhooks arrive: one address for the whole installation (jira-platform.md §5).

No session, no CSRF token: the header proves the sender, and is checked before a byte of the body
is read. Jira tries again after 503 and 5xx; every 4xx is final for it (jira-platform.md §5.2).
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from flask import Blueprint, Response, current_app, g, request
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from app import clock
from app.clock import utcnow
from app.extensions import csrf, db, writing
from app.services.inbound import receive, signatures
from app.services.inbound.arrival_rate import TooManyDeliveries
from app.services.inbound.receive import Addressed, Delivery, Stored, UnusableDelivery
from app.services.inbound.signatures import NotFromJira
from app.web.access import public


class Headers(Protocol):
    """A request's, whatever the case of their names."""

    def get(self, name: str, /) -> str | None: ...

    def __contains__(self, name: str, /) -> bool: ...


# What was stored, or why it was not.
Outcome = Stored | TooManyDeliveries | DBAPIError | NoFreeConnection
Answered = tuple[int, Mapping[str, str]]
REFUSED = (NotFromJira, RequestEntityTooLarge, BadRequest, UnusableDelivery)

PATH = "/webhooks/jira"
bp = Blueprint("webhooks", __name__)
csrf.exempt(bp)
log = logging.getLogger(__name__)

IDENTIFIER = "X-Atlassian-Webhook-Identifier"
RETRY = "X-Atlassian-Webhook-Retry"
LARGEST_BODY = 1024 * 1024  # bytes
LOGGED_EVERY = 60.0  # seconds; strangers may knock as often as they like
RETRY_AFTER = 60  # seconds
NOBODYS: frozenset[int] = frozenset()

_logged_at: dict[str, float] = {}


@bp.post(PATH)
@public
def create() -> Response:
    try:
        life = check(request.headers)
        delivery = delivery_of(request.headers, _body(), life)
    except REFUSED as error:
        return _answer(*refusal(error))
    [outcome] = store([delivery])
    g.delivery_is_for = organizations_of(outcome)
    return _answer(*answer_to(outcome))


def check(headers: Headers) -> int:
    """Whether Atlassian sent it; for how many seconds its token lives. Raises `NotFromJira`."""
    secrets = current_app.config["JIRA_CLIENT_SECRETS"]
    token = signatures.check(headers.get("Authorization"), secrets, utcnow())
    _tell_claims(token.claims)
    return token.life


def delivery_of(headers: Headers, body: bytes, token_life: int) -> Delivery:
    """What was delivered. Raises `UnusableDelivery`."""
    identifier, retried = headers.get(IDENTIFIER), RETRY in headers
    return receive.read(body, identifier, retried=retried, token_life=token_life)


def refusal(error: Exception) -> Answered:
    """What is answered to what was refused."""
    match error:
        case NotFromJira():
            _tell(error.kind)
            return 401, {"WWW-Authenticate": "Bearer"}
        case RequestEntityTooLarge():
            _tell("too-large")
            return 413, {}
        case UnusableDelivery():
            _tell(str(error))
    return 400, {}  # or the sender broke off


def answer_to(outcome: Outcome) -> Answered:
    """What was not stored must be sent again; the Retry header then says that there was a gap."""
    if isinstance(outcome, TooManyDeliveries):
        _tell("too-many")
    if isinstance(outcome, Stored):
        return 204, {}
    return 503, {"Retry-After": str(RETRY_AFTER)}


def organizations_of(outcome: Outcome) -> frozenset[int]:
    """The ids of those that a delivery is for; what could not be stored is nobody's."""
    return outcome.organization_ids if isinstance(outcome, Stored) else NOBODYS


def store(deliveries: Sequence[Delivery]) -> Sequence[Outcome]:
    """What became of each. They share a transaction, so what one database error ends, it ends for
    all of them; only what no database would take is tried apart from the others."""
    try:
        return _stored(deliveries)
    except (DBAPIError, NoFreeConnection) as error:
        db.session.rollback()
        if isinstance(error, DataError) and len(deliveries) > 1:
            return [outcome for each in deliveries for outcome in store([each])]
        numbers = [each.hint.webhook_ids[:5] for each in deliveries[:5]]
        kind = type(error).__name__
        log.warning("webhook not stored", extra={"webhooks": numbers, "error": kind})
        return [error] * len(deliveries)


def _stored(deliveries: Sequence[Delivery]) -> Sequence[Outcome]:
    now = utcnow()
    found = _addressed(deliveries, now)
    outcomes = receive.store_all(found, now)
    db.session.commit()
    return outcomes


def _addressed(deliveries: Sequence[Delivery], now: datetime) -> Addressed:
    """On SQLite in a transaction of its own, so that its lock is held for the writing alone."""
    if db.engine.dialect.name != "sqlite":
        return receive.addressed(deliveries, now)
    reads = writing.set(False)
    try:
        found = receive.addressed(deliveries, now)
        db.session.commit()
    finally:
        writing.reset(reads)
    return found


def _body() -> bytes:
    """A body of unknown length ends silently at Werkzeug's limit: the byte beyond gives it away."""
    request.max_content_length = LARGEST_BODY + 1
    body = request.get_data(cache=False)
    if len(body) > LARGEST_BODY:
        raise RequestEntityTooLarge
    return body


def _answer(code: int, headers: Mapping[str, str]) -> Response:
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
