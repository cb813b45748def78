"""What the settings page says around a choice while Jira's part of it comes and goes. Pure."""

from dataclasses import dataclass
from datetime import datetime

from app.models import CheckState, JiraConnection, WorkKind
from app.services.labels import Sentence, plural
from app.services.settings.form import Form, Slot


@dataclass(frozen=True)
class Reading:
    """What the connection card says of reading Jira's lists. `tone` is `warn` or none."""

    sentence: Sentence
    icon: str = ""
    spin: bool = False
    tone: str = ""


@dataclass(frozen=True)
class ChoiceWords:
    """`project_hint` and `type_hint` stand at the two controls; `meanwhile` follows the trouble."""

    project_hint: str
    type_hint: str
    trouble: str
    meanwhile: str
    loading: bool


def words_of(slot: Slot, connection: JiraConnection) -> ChoiceWords:
    """Word the default's two controls."""
    unread = connection.projects_fetched_at is None
    trouble = connection.works[WorkKind.METADATA].error or ""
    return ChoiceWords(
        project_hint=_project_hint(slot, connection, unread),
        type_hint=_type_hint(slot),
        trouble=trouble,
        meanwhile=_meanwhile(slot, unread) if trouble else "",
        loading=unread and connection.connected and not trouble,
    )


def reading_of(
    connection: JiraConnection, form: Form, *, waited_for: bool, paused_until: datetime | None
) -> Reading | None:
    """Word what is known of the last reading; None before there was one.

    waited_for: something is owed, so that the page polls. paused_until: aware UTC.
    """
    trouble = connection.works[WorkKind.METADATA].error
    if waited_for and paused_until:
        return Reading(Sentence("check waits until", paused_until), "player-pause")
    if waited_for and not trouble:
        return Reading(Sentence("checking…"), "refresh", spin=True)
    if trouble:
        return Reading(Sentence(trouble), tone="warn")
    if connection.projects_fetched_at is None:
        return None
    return Reading(Sentence("last check", connection.projects_fetched_at, f", {_result(form)}"))


def _project_hint(slot: Slot, connection: JiraConnection, unread: bool) -> str:
    if unread and slot.mapping:
        return f"Saved: {slot.mapping.project_key} · {slot.mapping.project_name}"
    return f"Every project that {connection.account_name or 'our account'} can see."


def _type_hint(slot: Slot) -> str:
    if slot.types or not slot.choice.project_id:
        return (
            "Every type of the chosen project. Types that need a field that Unpack does not fill "
            "are disabled."
        )
    if slot.mapping and not slot.changed:
        return f"Saved: {slot.mapping.issue_type_name}"
    return "The types of the chosen project."


def _meanwhile(slot: Slot, unread: bool) -> str:
    if slot.mapping:
        return "Your saved choice still counts."
    return "The list is fetched as soon as it answers." if unread else ""


def _result(form: Form) -> str:
    blocked = [
        slot
        for slot in form.slots
        if slot.mapping and slot.mapping.check_state is CheckState.BLOCKED
    ]
    return plural(len(blocked), "problem") if blocked else "all well"
