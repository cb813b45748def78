"""What the settings page says of the webhook's health, state by state."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.services.labels import Chip, Sentence
from app.services.webhooks.health import Deliveries, Health, HealthState, Looks, Progress, SentTest
from app.services.webhooks.health_words import Note, words_of

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)
WELL = Health(
    state=HealthState.ARRIVING,
    held_by="",
    paused_until=None,
    changing=False,
    expires_at=NOW + timedelta(days=25),
    error=None,
    next_try_at=None,
    deliveries=Deliveries(NOW, 3),
    looks=Looks(NOW, 0, False, LATER),
    test=None,
    advice=(),
    offers_test=True,
)
SENT = SentTest(Progress.WATCHING, NOW, "PLAT-1", None, None)


@pytest.mark.parametrize(
    ("state", "chip", "shows_facts"),
    [
        (HealthState.OFF, ("off", "Off"), False),
        (HealthState.WAITING, ("waiting", "Waiting"), True),
        (HealthState.REGISTERING, ("syncing", "Registering…"), False),
        (HealthState.NOT_REGISTERED, ("blocked", "Not registered"), True),
        (HealthState.SILENT, ("limited", "Not arriving"), True),
        (HealthState.QUIET, ("idle", "No delivery yet"), True),
        (HealthState.UNTESTED, ("limited", "Test not sent"), True),
        (HealthState.ARRIVING, ("ready", "Arriving"), True),
    ],
)
def test_each_state_has_its_chip(state, chip, shows_facts):
    said = words_of(replace(WELL, state=state))

    assert (said.chip.state, said.chip.words) == chip
    assert said.shows_facts is shows_facts


def test_a_pause_says_until_when():
    held = replace(WELL, state=HealthState.WAITING, held_by="pause", paused_until=LATER)

    assert words_of(held).chip == Chip("paused", "player-pause", "Waiting until", at=LATER)


@pytest.mark.parametrize(
    ("held_by", "begins"),
    [
        ("plan", "The Free plan does not include Jira."),
        ("connection", "Until Jira is reconnected"),
        ("pause", "Jira asked us to slow down."),
    ],
)
def test_what_it_waits_for_is_said(held_by, begins):
    [note] = words_of(replace(WELL, state=HealthState.WAITING, held_by=held_by)).notes

    assert note.tone == "warn"
    assert note.sentence.before.startswith(begins)


@pytest.mark.parametrize(
    ("state", "changing", "error", "beside"),
    [
        (HealthState.OFF, True, None, "removing it from Jira…"),
        (HealthState.OFF, True, "No.", ""),
        (HealthState.OFF, False, None, ""),
        (HealthState.REGISTERING, True, None, ""),  # the chip says so
        (HealthState.ARRIVING, True, None, "registering again…"),
        (HealthState.ARRIVING, True, "No.", ""),
        (HealthState.ARRIVING, False, None, ""),
    ],
)
def test_what_goes_on_stands_beside_the_chip(state, changing, error, beside):
    assert words_of(replace(WELL, state=state, changing=changing, error=error)).beside == beside


@pytest.mark.parametrize(
    ("state", "expires_at", "undone"),
    [
        (HealthState.OFF, LATER, "removed from Jira"),
        (HealthState.ARRIVING, LATER, "renewed"),
        (HealthState.NOT_REGISTERED, None, "registered"),
    ],
)
def test_a_refusal_says_what_could_not_be_done(state, expires_at, undone):
    refused = replace(WELL, state=state, expires_at=expires_at, error="No.")

    assert words_of(refused).notes == [
        Note(
            "bad",
            Sentence("No. We try again by ourselves."),
            heading=f"The webhook could not be {undone}.",
        )
    ]


def test_a_refusal_says_when_it_is_tried_again():
    [note] = words_of(replace(WELL, error="No.", next_try_at=LATER)).notes

    assert note.sentence == Sentence("No. We try again at", LATER, ".")


@pytest.mark.parametrize(
    ("caught", "words"),
    [(0, "nothing was missed"), (1, "caught 1 missed change"), (2, "caught 2 missed changes")],
)
def test_a_reconciliation_says_what_it_caught(caught, words):
    assert words_of(replace(WELL, looks=replace(WELL.looks, caught=caught))).looked == words


@pytest.mark.parametrize(
    ("state", "running", "next_at"),
    [
        (HealthState.ARRIVING, False, LATER),
        (HealthState.ARRIVING, True, None),
        (HealthState.WAITING, False, None),
    ],
)
def test_the_next_reconciliation_is_said_while_it_is_sure(state, running, next_at):
    looks = replace(WELL.looks, running=running)

    assert words_of(replace(WELL, state=state, looks=looks)).next_look_at == next_at


def test_an_expired_registration_is_not_called_renewed():
    assert words_of(WELL).registration == "renewed by itself"
    assert words_of(replace(WELL, state=HealthState.NOT_REGISTERED)).registration == "expired"


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (HealthState.OFF, False),
        (HealthState.WAITING, False),
        (HealthState.REGISTERING, False),
        (HealthState.NOT_REGISTERED, True),
        (HealthState.SILENT, True),
        (HealthState.QUIET, True),
        (HealthState.ARRIVING, True),
    ],
)
def test_advice_is_given_once_nothing_changes_by_itself(state, shown):
    said = words_of(replace(WELL, state=state, advice=("Save Settings.",)))

    assert list(said.advice) == (["Save Settings."] if shown else [])


def test_off_and_silent_say_what_follows():
    assert words_of(replace(WELL, state=HealthState.OFF)).hint.startswith("What changes in Jira")
    assert words_of(replace(WELL, state=HealthState.SILENT)).late.startswith("Until they arrive")
    assert (words_of(WELL).hint, words_of(WELL).late) == ("", "")


@pytest.mark.parametrize(
    ("sent_test", "sentence", "tone"),
    [
        (
            None,
            Sentence("Writes a mark on a linked issue and waits for Jira to report it."),
            "",
        ),
        (SENT, Sentence("Marking PLAT-1 and waiting for Jira to report it…"), ""),
        (
            replace(SENT, progress=Progress.ARRIVED, seconds=4.24),
            Sentence("Arrived after 4.2 s: PLAT-1, tested", NOW, "."),
            "ok",
        ),
        (
            replace(SENT, progress=Progress.MISSING),
            Sentence("Not arrived within 60 s: PLAT-1, tested", NOW, "."),
            "warn",
        ),
        (
            replace(SENT, progress=Progress.FAILED, error="Nothing is linked."),
            Sentence("Not sent at", NOW, ". Nothing is linked."),
            "warn",
        ),
    ],
)
def test_a_test_says_what_became_of_it(sent_test, sentence, tone):
    test = words_of(replace(WELL, test=sent_test, deliveries=Deliveries(None, 0))).test

    assert (test.sentence, test.tone) == (sentence, tone)
    assert test.watching is (sent_test is SENT)


def test_a_delivery_after_the_test_is_not_contradicted_by_it():
    missing = replace(SENT, progress=Progress.MISSING)
    later = replace(WELL, test=missing, deliveries=Deliveries(NOW + timedelta(minutes=5), 1))

    said = words_of(later)

    assert said.test.sentence == Sentence(
        "Jira has reported changes since PLAT-1 was tested", NOW, ", but not the test itself."
    )
    assert said.test.tone == ""


def test_a_test_from_before_says_nothing_of_a_webhook_that_is_not_registered():
    missing = replace(SENT, progress=Progress.MISSING)

    said = words_of(replace(WELL, state=HealthState.NOT_REGISTERED, test=missing))

    assert said.test.sentence.before.startswith("Writes a mark")


@pytest.mark.parametrize(
    ("sent_test", "changing", "awaited"),
    [
        (SENT, True, "test"),
        (replace(SENT, progress=Progress.MISSING), True, "registration"),
        (None, True, "registration"),
        (None, False, None),
    ],
)
def test_a_poll_waits_for_the_test_first(sent_test, changing, awaited):
    assert words_of(replace(WELL, test=sent_test, changing=changing)).awaited == awaited
