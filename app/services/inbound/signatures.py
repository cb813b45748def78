"""Whether a webhook delivery comes from Atlassian: a JWT, signed with the app's client secret.

The token says nothing about the body: whoever captured one may send any body until it expires. So
it opens the door, and what comes in is still not believed (jira-platform.md §5.4).
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError, UnsupportedAlgorithmError
from joserfc.jwk import OctKey
from joserfc.jws import JWSRegistry

ALGORITHMS = ("HS256",)
LEEWAY = 90.0  # seconds that the clocks of Atlassian and of this machine may differ
LEEWAY_OF_ISSUE = 120.0  # seconds; so much ahead of ours may be the clock that issued it
# Whoever captures a token may use it until it expires. Those seen lived for minutes.
LONGEST_LIFE = 24 * 3600.0  # seconds

# Atlassian does not publish what else stands in the header: more names than we know are no reason
# to refuse. What decides is `alg`, which joserfc holds against this list before it verifies, and
# `crit`, which it refuses when it names anything unknown.
_REGISTRY = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)


class NotFromJira(Exception):
    """The token is no proof. `kind` is a word for the log: it holds nothing of the token."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Token(NamedTuple):
    """A token that was accepted: the names of its claims, and for how many seconds it lives."""

    claims: tuple[str, ...]
    life: int


def check(authorization: str | None, secrets: Sequence[str], now: datetime) -> Token:
    """Accept an `Authorization` header, or raise `NotFromJira`; `now` is aware UTC.

    `secrets` are the app's client secrets, the current one first: while one is being rotated, Jira
    may sign with either.

    `exp` is demanded: the only integration known to work in production demands it, too
    (jira-platform.md §5.4), and a token without an end, once captured, would open the door for
    ever. So would one that lives for more than a day, from its `iat` or else from now. `iat` and
    `nbf` are held to only where they are given: their absence weakens nothing.
    """
    claims = _claims(_token(authorization), secrets)
    _check_times(claims, now.timestamp())
    return Token(tuple(sorted(claims)), round(_life(claims, now.timestamp())))


def _token(authorization: str | None) -> str:
    if not authorization:
        raise NotFromJira("no-header")
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise NotFromJira("scheme")
    return token.strip()


def _claims(token: str, secrets: Sequence[str]) -> Mapping[str, Any]:
    for secret in secrets:
        try:
            return jwt.decode(token, _key(secret), registry=_REGISTRY).claims
        except BadSignatureError:
            continue  # signed with the other secret, perhaps
        except UnsupportedAlgorithmError:
            raise NotFromJira("algorithm") from None
        except (JoseError, ValueError, TypeError, AttributeError, KeyError):
            # Not all of these are joserfc's own: it takes the header for an object unread.
            raise NotFromJira("token") from None
    raise NotFromJira("signature")


@lru_cache(maxsize=8)
def _key(secret: str) -> OctKey:
    return OctKey.import_key(secret)


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    if "exp" not in claims:
        raise NotFromJira("no-exp")
    if _moment(claims, "exp") + LEEWAY < now:
        raise NotFromJira("expired")
    for name, leeway in (("nbf", LEEWAY), ("iat", LEEWAY_OF_ISSUE)):
        if name in claims and _moment(claims, name) - leeway > now:
            raise NotFromJira(name)
    if _life(claims, now) > LONGEST_LIFE:
        raise NotFromJira("lives-too-long")


def _life(claims: Mapping[str, Any], now: float) -> float:
    return _moment(claims, "exp") - (_moment(claims, "iat") if "iat" in claims else now)


def _moment(claims: Mapping[str, Any], name: str) -> float:
    """Seconds since 1970. Anything but a finite number refuses the token."""
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
        raise NotFromJira(name)
    return float(value)


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond every float
        return False
