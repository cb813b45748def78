"""What the panel's head says once for all rows, and what is announced when a batch is done."""

from dataclasses import dataclass

from app.models import ENDS_WITHOUT_CONSENT, Phase
from app.services.grants.troubles import TROUBLES
from app.services.panel.advice import JIRA_SETTINGS
from app.services.panel.causes import Group
from app.services.panel.holds import Hold
from app.services.panel.item_messages import Message, same_for_all
from app.services.panel.item_states import Stage
from app.services.panel.panels import Panel, Row

INTEGRATIONS = "integrations.index"
PLAN = "plan.show"


@dataclass(frozen=True)
class Batch:
    """Items that a viewer saw moving: those that had no issue yet, and those that had."""

    creating: frozenset[int] = frozenset()
    updating: frozenset[int] = frozenset()


def notice(panel: Panel) -> Message | None:
    """What keeps the items from going out and who can mend it; nothing when all is well."""
    around = panel.around
    linked = any(row.link is not None for row in panel.rows)
    if around.connection is None:
        return None
    if around.hold is Hold.DISCONNECTED:
        return _disconnected() if linked else None
    if around.hold is Hold.PLAN:
        return _on_free(panel)
    if around.hold is Hold.RECONNECT:
        return _reconnect(panel)
    if around.hold is Hold.RESTORED:
        return _restored(panel)
    if around.hold is Hold.TEAM:
        return _not_synced(panel)
    return _unmapped(panel) if panel.mapping is None else None


def waiting(panel: Panel) -> str:
    """ "2 wait.": how many go out once syncing is resumed."""
    count = panel.counts[Stage.ON_THE_WAY]
    return f"{count} {'waits' if count == 1 else 'wait'}." if count else ""


def counts(panel: Panel, *, leads: bool) -> str:
    """ "5 in Jira, 3 on the way, 3 need you." Nothing before the first item has a place. While
    syncing is paused nothing is on its way: `waiting` counts that.

    `leads`: whether the person may do something about those that need it.
    """
    many = panel.counts
    moving = 0 if panel.suspension else many[Stage.ON_THE_WAY]
    needy = many[Stage.NEEDS_YOU]
    verb = "needs" if needy == 1 else "need"
    parts = [
        f"{many[Stage.IN_JIRA]} in Jira" if many[Stage.IN_JIRA] else "",
        f"{moving} on the way" if moving else "",
        f"{needy} {verb} {'you' if leads else 'attention'}" if needy else "",
    ]
    said = ", ".join(part for part in parts if part)
    return f"{said}." if said else ""


def group_words(group: Group[Row]) -> str:
    """ "5 could not be created": how many fail for the cause, and in what."""
    many, chips = len(group.rows), {row.state.chip for row in group.rows}
    if chips == {"limited"}:
        return f"{many} cannot be seen"
    keys = [row.state.key is not None for row in group.rows]
    verb = "updated" if all(keys) else "synced" if any(keys) else "created"
    return f"{many} could not be {verb}{' yet' if chips == {'retrying'} else ''}"


def with_article(noun: str) -> str:
    """ "a Task", "an Epic"."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def batch_of(panel: Panel, earlier: Batch) -> Batch:
    """Who is under way now, or was since the last announcement."""
    if not _busy(panel):
        return Batch()
    moving = [row for row in panel.rows if row.state.moving]
    new = frozenset(row.item.id for row in moving if row.state.key is None)
    old = frozenset(row.item.id for row in moving) - new
    return Batch(earlier.creating | new, (earlier.updating | old) - earlier.creating - new)


def announcement(panel: Panel, batch: Batch) -> str:
    """What became of `batch`, once none of it is on its way: "5 issues created. 1 sync error"."""
    if _busy(panel):
        return ""
    created = [row for row in _arrived(panel) if row.item.id in batch.creating]
    updated = [row for row in _arrived(panel) if row.item.id in batch.updating]
    failed = [
        row
        for row in panel.rows
        if row.state.chip == "error" and row.item.id in batch.creating | batch.updating
    ]
    parts = [_said(created, "created"), _said(updated, "updated"), _said_failed(failed)]
    return ". ".join(part for part in parts if part)


def returned(panel: Panel, done_before: frozenset[int]) -> str:
    """What Jira completed since `done_before` was all it had, and what is open again since."""
    completed = [row for row in panel.rows if row.item.id in panel.done_in_jira - done_before]
    reopened = [row for row in panel.rows if row.item.id in done_before and not row.item.complete]
    parts = [_said_of(completed, "completed in Jira"), _said_of(reopened, "opened again")]
    return ". ".join(part for part in parts if part)


def _said_of(rows: list[Row], verb: str) -> str:
    if not rows:
        return ""
    many = len(rows)
    return f"{many} action items {verb}" if many > 1 else f"{rows[0].item.title}: {verb}"


def _busy(panel: Panel) -> bool:
    """Whether something settles within moments; what is retried later is not waited for."""
    if panel.around.hold is not None or panel.mapping is None:
        return False
    return any(row.state.chip in {"waiting", "syncing"} for row in panel.rows)


def _arrived(panel: Panel) -> list[Row]:
    return [row for row in panel.rows if row.state.stage is Stage.IN_JIRA and row.state.key]


def _said(rows: list[Row], verb: str) -> str:
    if not rows:
        return ""
    key = rows[0].state.key
    return f"{key.text} {verb}" if len(rows) == 1 and key else f"{len(rows)} issues {verb}"


def _said_failed(rows: list[Row]) -> str:
    if not rows:
        return ""
    return f"Sync error: {rows[0].item.title}" if len(rows) == 1 else f"{len(rows)} sync errors"


def _disconnected() -> Message:
    fact = "Jira is disconnected. Keys keep linking to their issues, but nothing is synced."
    return Message("", fact, f"{fact} Ask an admin.", endpoint=INTEGRATIONS, link="Connect to Jira")


def _on_free(panel: Panel) -> Message:
    name = panel.retrospective.team.organization.name
    fact = f"The Free plan does not include Jira. Nothing of {name} is synced; its links are kept."
    return Message("warn", fact, f"{fact} Ask an admin.", endpoint=PLAN, link="See the plans")


def _reconnect(panel: Panel) -> Message:
    waiting = panel.counts[Stage.ON_THE_WAY]
    rest = {
        0: "Until then, nothing is synced.",
        1: "1 action item waits and goes out after that.",
    }.get(waiting, f"{waiting} action items wait and go out after that.")
    assert panel.connection is not None
    if panel.connection.state in ENDS_WITHOUT_CONSENT:
        fact = TROUBLES[panel.connection.state].heading_for(panel.connection.site_host)
        return Message(
            "bad", f"{fact} {rest}", f"{fact} {rest} Ask an admin.",
            endpoint=JIRA_SETTINGS, link="Open the Jira settings",
        )  # fmt: skip
    return Message(
        "bad",
        f"Jira needs to be reconnected. {rest}",
        f"Jira needs to be reconnected. {rest} Ask an admin.",
        endpoint=JIRA_SETTINGS,
        link="Reconnect",
    )


def _restored(panel: Panel) -> Message:
    rest = {
        0: "",
        1: " 1 action item waits and goes out after that.",
    }.get(
        waiting := panel.counts[Stage.ON_THE_WAY], f" {waiting} action items wait and go out then."
    )
    return same_for_all(
        "warn",
        "Unpack was restored from a backup. Nothing is sent to Jira until whoever runs it has "
        f"settled that.{rest} Nothing for you to do.",
    )


def _not_synced(panel: Panel) -> Message | None:
    if panel.retrospective.phase.position < Phase.DISCUSS.position:
        return None
    fact = f"{panel.retrospective.team.name} does not sync with Jira. Commit creates no issues."
    if any(row.state.key for row in panel.rows):
        fact += (
            " Those that there are stay. Nothing more is sent to them; what happens in Jira still "
            "comes back."
        )
    return Message("", fact, fact, endpoint=JIRA_SETTINGS, link="Open the Jira settings")


def _unmapped(panel: Panel) -> Message | None:
    if panel.retrospective.phase.position < Phase.DISCUSS.position:
        return None
    team = panel.retrospective.team.name
    fact = f"No Jira project is chosen for {team}, so nothing goes to Jira."
    return Message(
        "warn", fact, f"{fact} Ask an admin.", endpoint=JIRA_SETTINGS, link="Choose a project"
    )
