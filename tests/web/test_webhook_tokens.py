"""Whom `POST /webhooks/jira` believes: who signs with the client secret (jira-platform.md §5.4)."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, WebhookDelivery
from app.web import webhooks
from tests.support.webhook_posts import SECRET, Poster, signed, token


def how_many_are_kept() -> int:
    return db.session.scalar(select(func.count()).select_from(WebhookDelivery)) or 0


def minutes(number: float) -> int:
    return int(utcnow().timestamp() + 60 * number)


NEW, OLD = "the-new-client-secret", "the-old-client-secret"
HS256 = {"alg": "HS256", "typ": "JWT"}
RIGHT_CLAIMS = {"exp": minutes(600)}
REFUSED: dict[str, Callable[[], str | None]] = {
    "no header": lambda: None,
    "nothing": lambda: "",
    "a scheme alone": lambda: "Bearer",
    "another scheme": lambda: f"JWT {token()}",
    "a password": lambda: "Basic dW5wYWNrOnVucGFjaw==",
    "no JWT": lambda: "Bearer jira",
    "two parts": lambda: "Bearer e30.e30",
    "four parts": lambda: f"Bearer {token()}.e30",
    "foreign letters": lambda: "Bearer é.é.é",
    "another secret": lambda: f"Bearer {token('unpack-tests-secret2')}",
    "an empty secret": lambda: f"Bearer {token('')}",
    "a signature cut off": lambda: f"Bearer {token().rpartition('.')[0]}.",
    "a changed claim": lambda: f"Bearer {_with_other_claims(token())}",
    "alg none": lambda: f"Bearer {token(alg='none')}",
    "alg none, unsigned": lambda: f"Bearer {token(alg='none').rpartition('.')[0]}.",
    "alg None": lambda: f"Bearer {token(alg='None')}",
    "RS256 with the secret as key": lambda: f"Bearer {token(alg='RS256')}",
    "HS512": lambda: f"Bearer {token(alg='HS512')}",
    "hs256": lambda: f"Bearer {token(alg='hs256')}",
    "no alg": lambda: f"Bearer {signed({'typ': 'JWT'}, RIGHT_CLAIMS)}",
    "alg a list": lambda: f"Bearer {signed({'alg': ['HS256']}, RIGHT_CLAIMS)}",
    "alg nothing": lambda: f"Bearer {signed({'alg': None}, RIGHT_CLAIMS)}",
    "a header that is text": lambda: f"Bearer {signed('alg', RIGHT_CLAIMS)}",
    "a header that is a list": lambda: f"Bearer {signed(['alg'], RIGHT_CLAIMS)}",
    "an unknown crit": lambda: f"Bearer {signed(HS256 | {'crit': ['x'], 'x': 1}, RIGHT_CLAIMS)}",
    "a header without end": lambda: f"Bearer {signed(HS256 | {'kid': 'x' * 2000}, RIGHT_CLAIMS)}",
    "claims that are a list": lambda: f"Bearer {signed(HS256, [1])}",
    "expired": lambda: f"Bearer {token(exp=minutes(-2))}",
    "no exp": lambda: f"Bearer {token(exp=None)}",
    "exp as text": lambda: f"Bearer {token(exp=str(minutes(5)))}",
    "exp true": lambda: f"Bearer {token(exp=True)}",
    "exp nowhere": lambda: f"Bearer {token(exp=float('nan'))}",
    "exp for ever": lambda: f"Bearer {token(exp=float('inf'))}",
    "exp beyond numbers": lambda: f"Bearer {token(exp=10**400)}",
    "exp a list": lambda: f"Bearer {token(exp=[])}",
    "not yet valid": lambda: f"Bearer {token(nbf=minutes(2))}",
    "issued in the future": lambda: f"Bearer {token(iat=minutes(2.1), exp=minutes(5))}",
    "good for more than a day": lambda: f"Bearer {token(exp=minutes(24 * 60 + 1))}",
    "good for more than a day from now": lambda: (
        f"Bearer {token(iat=None, exp=minutes(24 * 60 + 1))}"
    ),
    "good for more than a day since long": lambda: (
        f"Bearer {token(iat=minutes(-23 * 60), exp=minutes(2 * 60))}"
    ),
    "iat true": lambda: f"Bearer {token(iat=True)}",
    "iat as text": lambda: f"Bearer {token(iat='now')}",
}


def _with_other_claims(right: str) -> str:
    header, _, signature = right.split(".")
    return f"{header}.{token(exp=minutes(1000)).split('.')[1]}.{signature}"


def test_who_cannot_prove_to_be_jira_is_refused_without_a_word(
    connection: JiraConnection, post: Poster
) -> None:
    for name, authorization in REFUSED.items():
        answer = post(authorization=authorization())

        assert (answer.status_code, answer.data) == (401, b""), name
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert "Set-Cookie" not in answer.headers

    assert how_many_are_kept() == 0


ACCEPTED: dict[str, Callable[[], dict[str, object]]] = {
    "as Jira signs": dict,
    "expired a minute ago": lambda: {"exp": minutes(-1)},
    "issued in a minute": lambda: {"iat": minutes(1), "nbf": minutes(1)},
    "issued in nearly two minutes": lambda: {"iat": minutes(1.9), "exp": minutes(5)},
    "good for a day": lambda: {"exp": minutes(24 * 60)},
    "no iat": lambda: {"iat": None},
    "half seconds": lambda: {"exp": minutes(1) + 0.5},
    "more claims": lambda: {"iss": "jira", "qsh": "x", "context": {"user": None}},
}


def test_a_token_of_jira_is_accepted(connection: JiraConnection, post: Poster) -> None:
    """Clocks may differ by 90 seconds, and what else it claims does not matter."""
    for name, claims in ACCEPTED.items():
        assert post(authorization=f"bearer {token(**claims())}").status_code == 204, name

    assert how_many_are_kept() == len(ACCEPTED)


@pytest.mark.parametrize("environment", [{"JIRA_CLIENT_SECRET": f"{NEW},{OLD}"}])
def test_either_secret_is_accepted_while_one_is_rotated(
    connection: JiraConnection, post: Poster, environment: dict[str, str]
) -> None:
    for secret, code in ((NEW, 204), (OLD, 204), (SECRET, 401)):
        assert post(authorization=f"Bearer {token(secret)}").status_code == code

    assert how_many_are_kept() == 2


def test_without_an_atlassian_app_nobody_is_believed(
    connection: JiraConnection, post: Poster, app: Flask
) -> None:
    app.config["JIRA_CLIENT_SECRETS"] = []

    assert post().status_code == 401
    assert post(authorization=f"Bearer {token('')}").status_code == 401


def test_a_refusal_is_logged_once_a_minute_and_without_the_token(
    connection: JiraConnection, post: Poster, caplog: pytest.LogCaptureFixture
) -> None:
    webhooks._logged_at.clear()
    wrong = token("another-secret")

    with caplog.at_level(logging.WARNING, "app.web.webhooks"):
        for _ in range(20):
            post(authorization=f"Bearer {wrong}")

    assert [record.__dict__["kind"] for record in caplog.records] == ["signature"]
    assert wrong not in caplog.text
