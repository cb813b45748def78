"""What goes where: the table of the settings page, with what the last checks found missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.models import CheckState
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import SYNCED_FIELDS
from app.services.settings.form import Form


@dataclass(frozen=True)
class FieldRow:
    """A synced field, and the keys of the projects whose create screen has no place for it."""

    field: SyncedField
    lacking: Sequence[str]

    @property
    def note(self) -> str:
        """ "Matched by e-mail address. Not in PLAT: its screen has no assignee."."""
        return " ".join(filter(None, [self.field.hint, self._lacking_words()]))

    def _lacking_words(self) -> str:
        if not self.lacking:
            return ""
        screens = "its screen has" if len(self.lacking) == 1 else "their screens have"
        return f"Not in {', '.join(self.lacking)}: {screens} no {self.field.name}."


def field_rows(form: Form) -> list[FieldRow]:
    """A row for each synced field, from the mappings as they are saved."""
    mappings = [slot.mapping for slot in form.slots if slot.mapping is not None]
    limited = [mapping for mapping in mappings if mapping.check_state is CheckState.LIMITED]
    found = {
        (finding["code"], mapping.project_key): None
        for mapping in limited
        for finding in mapping.findings
    }
    return [
        FieldRow(
            field, [key for code, key in found if field.missing and code == field.missing.code]
        )
        for field in SYNCED_FIELDS
    ]
