"""How choices of the Jira settings are called when two of them are compared."""

from dataclasses import dataclass

from app.models import JiraConnection, Organization
from app.services.fields.table import TAKEN_OVER
from app.services.settings.drafts import DEFAULT, Choice, Draft, mappings_on_site
from app.services.settings.project_choices import Choices


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
    return found + _switched(theirs, mine)


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
