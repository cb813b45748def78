"""Which field values leave with a create, and what is noted of the others. Pure."""

from collections.abc import Mapping

from app.models.field_note import Note, NoteReason
from app.services.field_values.field_kind import Lack
from app.services.field_values.leaving_values import Leaving, SentValue
from app.services.fields.table import BY_ID
from app.services.outbound.claims import Claim

# That a template comes to nothing for an item, such as its due date, is no news to anybody.
NOTED = {
    Lack.NOT_MATCHED: NoteReason.NOT_MATCHED,
    Lack.NO_SPRINT: NoteReason.NO_SPRINT,
    Lack.SEVERAL_SPRINTS: NoteReason.SEVERAL_SPRINTS,
    Lack.NOT_ON_SCREEN: NoteReason.NOT_ON_SCREEN,
    Lack.NOT_PERMITTED: NoteReason.NOT_PERMITTED,
}


def leaving_and_notes(
    claim: Claim, leaving: Leaving, screen: str
) -> tuple[Mapping[str, SentValue], dict[str, Note]]:
    """By Jira's ids what is sent, but for what the screen of that name has refused, and why not."""
    refused = {name: note for name, note in claim.notes.items() if note.screen == screen}
    sent = {name: each for name, each in leaving.sent.items() if name not in refused}
    notes = {name: refused[name] for name in leaving.sent if name in refused}
    for name, lacking in leaving.lacks.items():
        if reason := NOTED.get(lacking.why):
            notes[name] = Note(reason, screen, name=lacking.name)
    return sent, notes


def lasting(claim: Claim) -> dict[str, Note]:
    """What a create went without: no update sends it, so it stays noted."""
    return {name: note for name, note in claim.notes.items() if name not in BY_ID}
