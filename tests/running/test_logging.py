"""Log lines: one each, with ids, without secrets."""

import logging
import sys
from collections.abc import Iterator

import pytest

from app.logging import LogfmtFormatter, _ids, bound, redacted


def line(message: str, *arguments: object, **extra: object) -> str:
    record = logging.getLogger("app.test").makeRecord(
        "app.test", logging.WARNING, __file__, 1, message, arguments, None, extra=extra
    )
    return LogfmtFormatter().format(record)


@pytest.fixture(autouse=True)
def outside_of_any_request() -> Iterator[None]:
    """Other tests of this process have answered requests, whose ids are still bound."""
    before = _ids.set({})
    yield
    _ids.reset(before)


def test_a_line_carries_its_own_ids_and_those_of_its_job() -> None:
    with bound(job="abc", connection_id=7):
        said = line("bell not rung", link_id=12)

    assert said.endswith('message="bell not rung" job=abc connection_id=7 link_id=12')
    assert "job=abc" not in line("later")


def test_an_exception_stays_on_one_line() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": sys.exc_info()})

    assert "\n" not in LogfmtFormatter().format(record)


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer SECRETSECRET",
        "authorization=Basic SECRETSECRET",
        '{"access_token": "SECRETSECRET", "scope": "x"}',
        "{'refresh_token': 'SECRETSECRET'}",
        "client_secret=SECRETSECRET&grant_type=x",
        "GET /integrations/jira/callback?code=SECRETSECRET&state=SECRETSECRET",
        "password=SECRETSECRET",
        "eyJhbGciOi.SECRETSECRET.SECRETSECRET",
        "gAAAAABSECRETSECRETSECRETSECRET==",
    ],
)
def test_nothing_secret_is_written(text: str) -> None:
    assert "SECRET" not in redacted(text)
    assert "SECRET" not in line("answer %s", text, body=text)


def test_plain_words_are_left_alone() -> None:
    sentence = "The token of connection 7 was refreshed; the secret is not in the state."

    assert redacted(sentence) == sentence
