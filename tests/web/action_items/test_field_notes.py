"""What an issue lacks is a sentence at its item, which is well otherwise."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models.field_note import Note, NoteReason, keep_notes
from tests.support.acme import connect_and_choose, items, link
from tests.support.panel import show

SENTENCES = [
    (NoteReason.REFUSED, "PLAT would not take the due date, so PLAT-145 lacks it."),
    (NoteReason.NOT_ON_SCREEN, "The screen of PLAT-145 has no place for the due date, so it lacks"),
    (NoteReason.NOT_PERMITTED, "Unpack Service may not set the due date in PLAT, so PLAT-145"),
    (NoteReason.PLAIN, "Jira could not read the due date as written, so PLAT-145 has it without"),
]


@pytest.mark.parametrize(("reason", "sentence"), SENTENCES)
def test_a_field_that_was_left_out_is_a_sentence(facilitator, reason, sentence):
    connect_and_choose()
    row = link(items()[0], key="PLAT-145")
    keep_notes(row, {"duedate": Note(reason)})
    db.session.flush()

    text = " ".join(show(facilitator).text.split())

    assert sentence in text
    assert "Synced" in text
    assert sentence in " ".join(
        facilitator.get(f"/action-items/{row.action_item_id}").page.text.split()
    )


FOLLOWS = [
    (NoteReason.NO_SPRINT, 5, "PLAT-145 was created. It gets the Sprint if one is within ten"),
    (NoteReason.NO_SPRINT, -5, "PLAT-145 was created, so it lacks the Sprint."),
    (NoteReason.REFUSED, 5, "PLAT would not take the Sprint when PLAT-145 was created. Unpack"),
    (NoteReason.REFUSED, -5, "PLAT would not take the Sprint, so PLAT-145 lacks it."),
]


@pytest.mark.parametrize(("reason", "minutes", "sentence"), FOLLOWS)
def test_a_sprint_that_may_still_come_says_so_until_it_is_too_late(
    facilitator, reason, minutes, sentence
):
    connect_and_choose()
    until = utcnow() + timedelta(minutes=minutes)
    row = link(items()[0], key="PLAT-145", sprint_due_at=until)
    keep_notes(row, {"customfield_10020": Note(reason, name="Sprint", until=until)})
    db.session.flush()

    assert sentence in " ".join(show(facilitator).text.split())


def test_fields_that_were_left_out_together_are_named_together(facilitator):
    connect_and_choose()
    row = link(items()[0], key="PLAT-145")
    refused = Note(NoteReason.REFUSED)
    keep_notes(row, {"description": refused, "duedate": refused})
    db.session.flush()

    text = " ".join(show(facilitator).text.split())

    assert "PLAT would not take the description and due date, so PLAT-145 lacks them." in text
