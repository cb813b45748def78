"""Times, in every spelling that Jira uses, and words that no database keeps."""

import time
from datetime import UTC, datetime

import pytest

from app.jira import reading
from app.jira.reading import moment

MOMENT = datetime(2026, 11, 24, 15, 20, tzinfo=UTC)


@pytest.fixture
def machine_in_tokyo(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("machine_in_tokyo")
@pytest.mark.parametrize(
    "spelling",
    [
        "2026-11-24T09:20:00.000-0600",
        "2026-11-25T00:20:00.000+09:00",
        "2026-11-24T15:20:00Z",
        "2026-11-24T15:20:00",
        1795533600000,
    ],
)
def test_a_time_is_read_wherever_the_account_and_the_machine_are(spelling):
    assert moment(spelling) == MOMENT


@pytest.mark.parametrize("odd", [None, "", "soon", True, [], {}, 1e30, "2026-13-01T00:00:00Z"])
def test_an_odd_time_is_none(odd):
    assert moment(odd) is None


@pytest.mark.parametrize(
    "extreme",
    [
        "9999-12-31T23:59:59.000+0000",
        "9999-12-31T23:59:59.000-1200",
        "0001-01-01T00:00:00.000+1200",
        "9001-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        253_402_300_799_000,
    ],
)
def test_a_time_that_no_clock_can_show_is_none(extreme):
    assert moment(extreme) is None


def test_a_time_of_a_header_is_read():
    assert reading.http_date("Tue, 24 Nov 2026 15:20:00 GMT") == MOMENT


@pytest.mark.parametrize("odd", [None, "", "soon", 1795533600, "Tue, 24 Nov 9999 15:20:00 GMT"])
def test_an_odd_time_of_a_header_is_none(odd):
    assert reading.http_date(odd) is None


def test_what_no_database_keeps_is_replaced():
    torn = "To do \ud83d\x00"

    assert reading.text(torn) == "To do \ufffd\ufffd"
    assert reading.texts([torn]) == ("To do \ufffd\ufffd",)
    assert reading.identifier(torn) == "To do \ufffd\ufffd"
    assert reading.text("To do 🙂") == "To do 🙂"
