"""The identity provider that people may sign in with: what it is asked, by Authlib.

Authlib keeps state, nonce and the PKCE verifier in the session, and checks the ID token: signature,
issuer, audience, nonce, time (OpenID Connect Core 1.0, *ID Token Validation*).
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client.errors import MismatchingStateError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app, request, session
from joserfc.errors import JoseError

from app.clock import utcnow
from app.services.organizations.single_sign_on import NotVouchedFor, Vouched, vouched
from app.side_by_side import Line, TurnedAway

EXTENSION = "identity_provider"
KEY = "oidc"  # of what the session keeps, and nowhere else
_STATES = f"_state_{KEY}_"
# Sign-ins that are under way in as many tabs; a cookie holds no more than 4 kB.
KEPT = 3
# Of which only the provider can sign (RFC 7518 §3.1, RFC 8037): not by our secret, nor without any.
ALGORITHMS = frozenset(
    ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
)
SECONDS = 4.0  # until the provider has to answer
# A slow provider must not hold the threads that everybody's pages need: one asks it, another
# waits.
LINE = Line(length=1, patience=2.0)  # seconds

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Know the provider of the configuration, if there is one."""
    app.add_template_global(name, "provider_name")
    if not app.config["OIDC_ISSUER"]:
        return
    oauth = OAuth(app)
    oauth.register(
        KEY,
        client_id=app.config["OIDC_CLIENT_ID"],
        client_secret=app.config["OIDC_CLIENT_SECRET"],
        server_metadata_url=_metadata_address(app.config["OIDC_ISSUER"]),
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
        },
    )
    app.extensions[EXTENSION] = oauth


def is_set_up() -> bool:
    return EXTENSION in current_app.extensions


def name() -> str:
    """By which people know it; empty where nobody signs in with it."""
    return str(current_app.config["OIDC_NAME"])


def authorization_url(callback: str, destination: str) -> str:
    """Where a person signs in; the session keeps what their answer has to carry, and where they
    wanted to go. Raises `NotVouchedFor` when the provider does not answer."""
    client = _client()
    with _asking():
        _check_metadata(client)
        started = client.create_authorization_url(callback)
    _forget_old_states()
    client.save_authorize_data(
        redirect_uri=callback,
        destination=destination,
        state=started["state"],
        nonce=started["nonce"],
        code_verifier=started["code_verifier"],
    )
    return str(started["url"])


def destination() -> str:
    """Where whoever comes back with this request's state wanted to go; empty for a foreign one."""
    kept = session.get(_STATES + request.args.get("state", ""))
    return str(kept["data"].get("destination", "")) if kept else ""


def who_came_back() -> Vouched:
    """Whom this request's code is for. Asks the provider, with no transaction open, and uses the
    state up. Raises `NotVouchedFor`."""
    if request.args.get("error") == "access_denied":
        raise NotVouchedFor("The sign-in was cancelled. Nobody was signed in.")
    config = current_app.config
    client = _client()
    expected = {
        "iss": {"essential": True, "values": [config["OIDC_ISSUER"]]},
        "aud": {"essential": True, "values": [config["OIDC_CLIENT_ID"]]},
    }
    with _asking():
        _refuse_old_state()
        _check_metadata(client)
        token = client.authorize_access_token(claims_options=expected)
        claims = dict(token.get("userinfo") or {})
        if claims and "email" not in claims:
            claims |= _from_userinfo(client, token, claims)
    return vouched(config["OIDC_ISSUER"], claims)


@contextmanager
def _asking() -> Iterator[None]:
    """Ask the provider, one of this process at a time; what goes wrong is said in a sentence."""
    try:
        with LINE.turn():
            yield
    except TurnedAway:
        raise NotVouchedFor("Many people sign in at this moment. Try again.") from None
    except _FAILURES as error:
        raise _failed(error) from error


def _from_userinfo(client: Any, token: Any, claims: dict[str, Any]) -> dict[str, Any]:
    """What is not in the ID token; nothing, if it is of somebody else."""
    more = dict(client.userinfo(token=token))
    return more if more.get("sub") == claims.get("sub") else {}


class _Unusable(Exception):
    """What the provider says of itself cannot be used."""


# What Authlib raises, and lets through: an answer that is no JSON, metadata without an address.
_FAILURES = (
    _Unusable,
    AuthlibBaseError,
    JoseError,
    requests.RequestException,
    json.JSONDecodeError,
    KeyError,
    RuntimeError,
)


def _failed(error: Exception) -> NotVouchedFor:
    """The library's words may hold what the provider sent, so of them only the kind is logged."""
    log.warning("single sign-on failed", extra={"provider": name(), "error": type(error).__name__})
    if isinstance(error, requests.RequestException):
        return NotVouchedFor(f"{name()} did not answer. Nobody was signed in; try again.")
    return NotVouchedFor(
        f"This answer of {name()} cannot be used: it is too old, was used before, or belongs to "
        "another browser. Nobody was signed in; try again."
    )


def _client() -> Any:
    return getattr(current_app.extensions[EXTENSION], KEY)


def _check_metadata(client: Any) -> None:
    """It must be the issuer's that was configured; and whatever it offers, a token without its own
    signature is nobody's."""
    metadata = client.load_server_metadata()
    if metadata.get("issuer") != current_app.config["OIDC_ISSUER"]:
        raise _Unusable("metadata of another issuer")
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    algorithms = [each for each in offered if each in ALGORITHMS]
    if not algorithms:
        raise _Unusable("nothing is signed")
    metadata["id_token_signing_alg_values_supported"] = algorithms


def _refuse_old_state() -> None:
    """The library would take a state of any age."""
    kept = session.get(_STATES + request.args.get("state", ""))
    if kept is None or kept["exp"] < utcnow().timestamp():
        raise MismatchingStateError


def _forget_old_states() -> None:
    states = [name for name in session if name.startswith(_STATES)]
    for name in sorted(states, key=lambda each: session[each]["exp"])[: 1 - KEPT or None]:
        session.pop(name)


def _metadata_address(issuer: str) -> str:
    """As OpenID Connect Discovery 1.0 puts it together."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"
