"""How choices of the Jira settings are called when two of them are compared."""

from dataclasses import dataclass
from typing import Any

from app.models import JiraConnection, Organization
from app.services.field_values.field_kind import Kind, ValueInvalid
from app.services.field_values.field_kinds import BY_CODE
from app.services.fields.table import TAKEN_OVER
from app.services.settings.drafts import DEFAULT, Choice, Draft, StatusChoice, mappings_on_site
from app.services.settings.project_choices import Choices
from app.services.settings.status_choices import LABELS, NOTHING_CHOSEN, PARTS, names_of
from app.services.settings.value_forms import ValueForm
from app.services.settings.value_rows import ValueRow

NOT_SENT = "Not sent"


@dataclass(frozen=True)
class Difference:
    """A field of the form that somebody else has saved otherwise."""

    label: str
    theirs: str
    mine: str


def differences(
    connection: JiraConnection, theirs: Draft, mine: Draft, organization: Organization
) -> list[Difference]:
    """Field by field, where `mine` would change what is saved now."""
    names = _Names(connection)
    found = []
    if theirs.overrides != mine.overrides:
        found.append(
            Difference("Use Per-Team Overrides", _switch(theirs.overrides), _switch(mine.overrides))
        )
    labels = {DEFAULT: "Default Project and Issue Type"}
    labels |= {team.id: f"{team.name}’s project and type" for team in organization.teams}
    for slot, label in labels.items():
        if slot in mine.choices and mine.choice(slot) != theirs.choice(slot):
            none = "None" if slot == DEFAULT else "Use the default"
            words = [names.of(draft.choice(slot), none) for draft in (theirs, mine)]
            found.append(Difference(label, *words))
    return found + _moved(connection, theirs, mine, organization) + _switched(theirs, mine)


def _moved(
    connection: JiraConnection, theirs: Draft, mine: Draft, organization: Organization
) -> list[Difference]:
    """What completing and reopening here does to issues, and which resolution goes along."""
    whose = {DEFAULT: "", **{team.id: f"{team.name}, " for team in organization.teams}}
    known = {part: names_of(connection, part) for part in PARTS}
    found = []
    for slot, chosen in mine.statuses.items():
        saved = theirs.statuses.get(slot, StatusChoice())
        for part in PARTS:
            ids = (saved.of(part), chosen.of(part))
            if ids[0] != ids[1] and slot in whose:
                names = [known[part].get(each, each) or NOTHING_CHOSEN[part] for each in ids]
                found.append(Difference(f"{whose[slot]}{LABELS[part]}", *names))
    return found


def value_differences(form: ValueForm) -> list[Difference]:
    """The same of the default's field values, of which `form` says what is typed."""
    rows = {row.field_id: row for row in form.rows}
    saved = {row.field_id: row for row in (form.mapping.values if form.mapping else ())}
    found = []
    for field_id in dict.fromkeys([*saved, *rows]):
        typed, kept = rows.get(field_id), saved.get(field_id)
        theirs = _words(BY_CODE.get(kept.kind), kept.value) if kept else NOT_SENT
        mine = _typed(typed) if typed else NOT_SENT
        if theirs != mine:
            found.append(
                Difference(typed.name if typed else kept.name if kept else "", theirs, mine)
            )
    return found


def _typed(row: ValueRow) -> str:
    try:
        return _words(row.kind, row.parsed() if row.on_screen else row.stored)
    except ValueInvalid:
        return " ".join(filter(None, row.parts))


def _words(kind: Kind | None, value: Any) -> str:
    return kind.words_of(value) if kind is not None and value is not None else NOT_SENT


def _switched(theirs: Draft, mine: Draft) -> list[Difference]:
    saved, wanted = theirs.returning, mine.returning
    switches = [("Enable Jira Webhooks", saved.webhooks, wanted.webhooks)]
    switches += [
        (field.switch_label, field.id in saved.taken_over, field.id in wanted.taken_over)
        for field in TAKEN_OVER
    ]
    return [
        Difference(label, _switch(was), _switch(on)) for label, was, on in switches if was != on
    ]


def _switch(on: bool) -> str:
    return "On" if on else "Off"


class _Names:
    """Names of projects and types, from what can be chosen and from what is saved."""

    def __init__(self, connection: JiraConnection) -> None:
        self._choices = Choices(connection)
        self._saved = mappings_on_site(connection).values()

    def of(self, choice: Choice, none: str) -> str:
        if not choice.syncs:
            return "Do not sync"
        if not choice.project_id:
            return none
        return f"{self._project(choice)}, {self._type(choice)}"

    def _project(self, choice: Choice) -> str:
        if project := self._choices.projects.get(choice.project_id):
            return project.label
        saved = (row for row in self._saved if row.project_id == choice.project_id)
        return next((f"{row.project_key} · {row.project_name}" for row in saved), "another project")

    def _type(self, choice: Choice) -> str:
        if issue_type := self._choices.type(choice):
            return issue_type.name
        saved = (
            row
            for row in self._saved
            if (row.project_id, row.issue_type_id) == (choice.project_id, choice.issue_type_id)
        )
        return next((row.issue_type_name for row in saved), "no issue type")
