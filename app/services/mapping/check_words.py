"""What the settings page says of a mapping's last check, and of one that is owed. Pure."""

from dataclasses import dataclass

from app.models import CheckState, JiraConnection, ProjectMapping, WorkKind
from app.services.labels import Chip, Sentence
from app.services.mapping import wording
from app.services.mapping.checks import Finding

NOT_CHECKED = Chip("idle", "circle-dashed", "Not checked yet")


@dataclass(frozen=True)
class CheckWords:
    """A chip for each thing found, else one. The findings come before the sentence, if shown."""

    chips: list[Chip]
    shows_findings: bool
    sentence: Sentence


def words_of(mapping: ProjectMapping | None, connection: JiraConnection) -> CheckWords:
    """Word the check of what is saved; None: what is chosen is not saved."""
    if mapping is None:
        return CheckWords([NOT_CHECKED], False, Sentence("Checked with Jira as soon as you save."))
    settled = mapping.check_state in {CheckState.LIMITED, CheckState.BLOCKED}
    return CheckWords(
        _chips(mapping, connection),
        settled and not _is_held_up(mapping, connection),
        _sentence(mapping, connection),
    )


def _chips(mapping: ProjectMapping, connection: JiraConnection) -> list[Chip]:
    owed = mapping.check_state is CheckState.OWED
    if owed and mapping.check_wanted_at and _may_run(connection):
        return [Chip("syncing", "refresh", "Checking…", spin=True)]
    if owed or _is_held_up(mapping, connection):
        return [
            Chip("idle", "circle-dashed", "Not checked now") if mapping.checked_at else NOT_CHECKED
        ]
    if mapping.check_state is CheckState.READY:
        return [Chip("ready", "circle-check", "Ready")]
    found = [wording.chip_of(Finding.kept(each)) for each in mapping.findings]
    if mapping.check_state is CheckState.LIMITED:
        return [Chip("limited", "alert-triangle", words) for words in found]
    return [Chip("blocked", "alert-circle", words) for words in found]


def _sentence(mapping: ProjectMapping, connection: JiraConnection) -> Sentence:
    if mapping.check_state is CheckState.OWED:
        if not _may_run(connection):
            return Sentence("The check is owed. It runs as soon as Jira answers.")
        account = connection.account_name or "our account"
        return Sentence(f"Whether {account} may create issues there, and which fields they have.")
    ready = mapping.check_state is CheckState.READY
    if _is_held_up(mapping, connection):
        result = "ready" if ready else "with findings"
        after = f": {result}. The next check is owed until Jira answers."
        return Sentence("Last checked at", mapping.checked_at, after)
    allowed = "Creating is allowed, no required field is missing. " if ready else ""
    return Sentence(f"{allowed}Checked at", mapping.checked_at, ".")


def _is_held_up(mapping: ProjectMapping, connection: JiraConnection) -> bool:
    """Whether another check is wanted that Jira does not answer."""
    return bool(mapping.check_wanted_at and _trouble(connection))


def _may_run(connection: JiraConnection) -> bool:
    return connection.connected and not _trouble(connection)


def _trouble(connection: JiraConnection) -> str | None:
    return connection.works[WorkKind.METADATA].error
