"""The webhook's health, decided from facts, and the advice that goes with it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.services.webhooks.arrival_advice import Circumstances, advice, is_public
from app.services.webhooks.health import Facts, HealthState, Progress, SentTest, state_of

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WELL = Facts(
    wanted=True,
    held_by="",
    due=False,
    registered_at=NOW - 5 * DAY,
    expires_at=NOW + 25 * DAY,
    error=None,
    last_delivery_at=NOW - HOUR,
    test=None,
)
UNREGISTERED = replace(WELL, registered_at=None, expires_at=None)
UNSENT = SentTest(Progress.FAILED, NOW - timedelta(minutes=10), "PLAT-1", None, "No.")
LOST = SentTest(Progress.MISSING, NOW - timedelta(minutes=10), "PLAT-1", None, None)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (WELL, HealthState.ARRIVING),
        (replace(WELL, last_delivery_at=None), HealthState.QUIET),
        # It was another registration's, and long ago.
        (replace(WELL, last_delivery_at=NOW - 6 * DAY), HealthState.QUIET),
        # It was another registration's, but of today: the same projects are reported.
        (replace(WELL, registered_at=NOW - timedelta(minutes=1)), HealthState.ARRIVING),
        (replace(WELL, last_delivery_at=NOW - 4 * DAY), HealthState.ARRIVING),
        (replace(WELL, error="Jira did not answer."), HealthState.ARRIVING),
        (replace(WELL, expires_at=NOW), HealthState.NOT_REGISTERED),
        (replace(WELL, wanted=False), HealthState.OFF),
        (replace(WELL, held_by="plan"), HealthState.WAITING),
        (replace(WELL, test=LOST), HealthState.SILENT),
        (replace(WELL, test=LOST, last_delivery_at=NOW), HealthState.ARRIVING),
        (replace(WELL, test=UNSENT), HealthState.UNTESTED),
        (replace(WELL, test=UNSENT, last_delivery_at=None), HealthState.UNTESTED),
        (replace(WELL, test=UNSENT, last_delivery_at=NOW), HealthState.ARRIVING),
        (replace(UNREGISTERED, due=True), HealthState.REGISTERING),
        (replace(UNREGISTERED, due=True, error="No."), HealthState.NOT_REGISTERED),
        # Nothing is mapped that the account can see: there is nothing to register.
        (UNREGISTERED, HealthState.NOT_REGISTERED),
        (replace(UNREGISTERED, held_by="connection"), HealthState.WAITING),
    ],
)
def test_the_state_follows_from_the_facts(facts, state):
    assert state_of(facts, NOW) is state


AROUND = Circumstances(
    public_url="https://unpack.example.org",
    at_atlassian=True,
    expired=False,
    uncovered=(),
    unseen=(),
    registered=("PLAT", "MOB"),
    silent=False,
    account="Unpack Service",
)


def test_without_a_reason_there_is_no_advice():
    assert advice(AROUND) == []


@pytest.mark.parametrize(
    ("around", "words"),
    [
        (replace(AROUND, public_url="http://unpack.example.org"), "delivers to https"),
        (replace(AROUND, public_url="https://unpack"), "cannot reach unpack from the internet"),
        (replace(AROUND, public_url="https://10.1.2.3:8443"), "cannot reach 10.1.2.3"),
        (replace(AROUND, expired=True), "has expired"),
        (replace(AROUND, uncovered=("MOB", "OPS", "WEB")), "does not name MOB, OPS and WEB yet"),
        (replace(AROUND, unseen=("HR",)), "shows HR to Unpack Service no more"),
    ],
)
def test_each_reason_has_its_advice(around, words):
    [sentence] = advice(around)

    assert words in sentence


def test_a_jira_next_door_needs_no_public_address():
    around = replace(AROUND, public_url="http://localhost:5050", at_atlassian=False)

    assert advice(around) == []


REACH, PRIVATE, FILTER = "can reach the address above", "may not be Unpack Service", "PLAT and MOB"


@pytest.mark.parametrize(
    ("around", "checks"),
    [
        (AROUND, [REACH, PRIVATE, FILTER]),
        (replace(AROUND, public_url="http://unpack.example.org"), ["https", PRIVATE, FILTER]),
        (replace(AROUND, at_atlassian=False), [REACH, FILTER]),
        (replace(AROUND, registered=()), [REACH, PRIVATE]),
    ],
)
def test_a_silent_webhook_says_what_to_check(around, checks):
    sentences = advice(replace(around, silent=True))

    for words, sentence in zip(checks, sentences, strict=True):
        assert words in sentence


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("unpack.example.org", True),
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("localhost", False),
        ("unpack", False),
        ("acme.localhost", False),
        ("unpack.local", False),
        ("unpack.internal.", False),
        ("127.0.0.1", False),
        ("192.168.1.20", False),
        ("169.254.1.1", False),
        ("[::1]", False),
        ("fd00::1", False),
        ("", False),
    ],
)
def test_what_is_public(host, public):
    assert is_public(host) is public
