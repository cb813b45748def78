"""What an action item's row says about Jira: decided and worded here, drawn by the template."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.models import ActionItem, CompletedIn, FailureCode, Finishing, IssueLink, LinkState
from app.services.back_offs import RETRIES
from app.services.linking import undecided
from app.services.panel import item_messages, owed_words, two_texts
from app.services.panel.circumstances import Circumstances
from app.services.panel.holds import NOT_SYNCED, PASSING, Hold, waiting_chip
from app.services.panel.item_messages import Message
from app.services.panel.shown_issues import IssueKey, ShownStatus, key_of, shown_status
from app.services.panel.two_texts import TwoTexts
from app.services.points import waiting_words


class Offer(StrEnum):
    """The one thing that a row offers beside its chip."""

    SYNC = "sync"
    RENEWAL = "renewal"
    STOP_WAITING = "stop-waiting"
    TAKE_UP = "take-up"


class Stage(StrEnum):
    """How a row counts in the panel's head."""

    ABSENT = "absent"
    IN_JIRA = "in-jira"
    ON_THE_WAY = "on-the-way"
    NEEDS_YOU = "needs-you"


@dataclass(frozen=True)
class ItemState:
    """The chip (`data-state`, icon, words, then `at` as a clock time), the key and the message.

    `fact`: what the words say where the time stands elsewhere; `before_time`: "at", "until".
    An empty `chip` shows nothing: before Commit an item is simply not in Jira yet.
    `pushable`: asking for a sync leads anywhere. `differences`: what was changed on both sides.
    `undecided`: the item's page shows what stands otherwise in an issue that somebody chose.
    `status`: Jira's, beside the key; a chip that would say no more than it gives way to it.
    """

    chip: str = ""
    icon: str = ""
    fact: str = ""
    stage: Stage = Stage.ABSENT
    key: IssueKey | None = None
    at: datetime | None = None
    message: Message | None = None
    moving: bool = False
    offer: Offer | None = None
    before_time: str = ""
    pushable: bool = True
    differences: tuple[TwoTexts, ...] = ()
    undecided: bool = False
    status: ShownStatus | None = None

    @property
    def words(self) -> str:
        """What the chip says, up to the time."""
        return f"{self.fact} {self.before_time}".rstrip()

    @property
    def without_time(self) -> "ItemState":
        """The same where the time stands elsewhere."""
        return replace(self, before_time="", at=None)

    def beside(self, status: ShownStatus | None) -> "ItemState":
        """The same with Jira's status."""
        gives_way = status is not None and self.chip in {"synced", "done"}
        return replace(self, status=status, chip="" if gives_way else self.chip)


def state_of(
    item: ActionItem,
    link: IssueLink | None,
    around: Circumstances,
    now: datetime,
    finishing: Finishing | None = None,
) -> ItemState:
    """Say where `item` stands with Jira. `link` is its active link; `now` is aware UTC.

    finishing: somebody creates its issue in Jira themselves.
    """
    if item.dropped:
        return _dropped(item, link)
    if finishing is not None and around.hold not in {Hold.DISCONNECTED, Hold.PLAN, Hold.TEAM}:
        return _being_finished(finishing, link)
    if link is None:
        return _unlinked(around)
    held = _held(link, around) or _paused(link, around, now)
    state = held or _BY_STATE[link.state](item, link, around, now)
    return state.beside(shown_status(link, live=around.listens and not _elsewhere(link, around)))


def _dropped(item: ActionItem, link: IssueLink | None) -> ItemState:
    """Nothing goes between it and its issue, so the status is as of when it was last read."""
    why = item_messages.dropped(item.drop_reason)
    chip, key = ("off", "circle-x", "Dropped"), key_of(link) if link else None
    state = ItemState(*chip, key=key, message=why, offer=Offer.TAKE_UP, pushable=False)
    return replace(state, status=shown_status(link, live=False) if link else None)


def _being_finished(finishing: Finishing, link: IssueLink | None) -> ItemState:
    message, key = item_messages.being_finished(finishing), key_of(link) if link else None
    return ItemState(
        "waiting", "clock", "Waiting", Stage.ON_THE_WAY, key, at=finishing.until,
        before_time="until", message=message, offer=Offer.STOP_WAITING, pushable=False,
    )  # fmt: skip


def tally(states: Iterable[ItemState]) -> dict[Stage, int]:
    """How many rows stand where."""
    counts = dict.fromkeys(Stage, 0)
    for state in states:
        counts[state.stage] += 1
    return counts


def _unlinked(around: Circumstances) -> ItemState:
    if not around.committed or around.hold in {Hold.DISCONNECTED, Hold.PLAN}:
        return ItemState()
    if around.hold is Hold.TEAM:
        return ItemState(*NOT_SYNCED, Stage.ABSENT)
    offer = Offer.SYNC if around.offers_sync else None
    return ItemState("idle", "circle-dashed", "Not in Jira", Stage.NEEDS_YOU, offer=offer)


def _held(link: IssueLink, around: Circumstances) -> ItemState | None:
    """A link that waits for more than its turn. For what, the panel's head says once for all."""
    key = key_of(link)
    if around.hold is Hold.DISCONNECTED or around.hold is Hold.PLAN or _elsewhere(link, around):
        if link.state in {LinkState.DELETED, LinkState.ERROR, LinkState.UNSEEN}:
            return None
        if link.created:
            words = "Not checked now"
            message = item_messages.elsewhere(around.place) if _elsewhere(link, around) else None
            return ItemState(
                "idle", "circle-dashed", words, Stage.IN_JIRA, key, message=message,
                pushable=not _elsewhere(link, around),
            )  # fmt: skip
        chip = ("off", "plug", "Disconnected")
        if around.hold is Hold.PLAN:
            chip = ("paused", "player-pause", "On hold")
        return ItemState(*chip, Stage.ABSENT)
    return _waiting_for_more(link, around) if link.state.moving else None


def _waiting_for_more(link: IssueLink, around: Circumstances) -> ItemState | None:
    key = key_of(link)
    if around.hold is Hold.TEAM:
        stage = Stage.IN_JIRA if key else Stage.ABSENT
        return None if link.stamped else ItemState(*NOT_SYNCED, stage, key)
    unmapped = not around.mapped and not link.created and not link.stamped
    if around.hold in PASSING or unmapped:
        return ItemState(*waiting_chip(around.hold), Stage.ON_THE_WAY, key, moving=True)
    return None


def _elsewhere(link: IssueLink, around: Circumstances) -> bool:
    """Whether the issue is on a site that is not the connected one any more."""
    return around.connection is not None and link.is_off(around.connection.cloud_id)


def _paused(link: IssueLink, around: Circumstances, now: datetime) -> ItemState | None:
    if not link.state.moving:
        return None
    until = max(filter(None, (around.paused_until, _own_pause(link))), default=None)
    words = "Jira asked us to slow down. Nothing for you to do."
    if until is None or until <= now:
        words = waiting_words.OF_ITEM
        if not (until := waiting_words.waits_until(link, around.connection, now)):
            return None
    message = item_messages.same_for_all("warn", words)
    state = _on_the_way(link, "paused", "player-pause", "Waiting", at=until, message=message)
    return replace(state, before_time="until")


def _own_pause(link: IssueLink) -> datetime | None:
    """A 429 may concern one issue alone; it uses up no try, so the link is not *retrying*."""
    return link.not_before if link.failure_code is FailureCode.RATE_LIMITED else None


def _waiting(item: ActionItem, link: IssueLink, around: Circumstances, now: datetime) -> ItemState:
    return _on_the_way(link, "waiting", "clock", "Waiting to sync")


def _syncing(item: ActionItem, link: IssueLink, around: Circumstances, now: datetime) -> ItemState:
    return _on_the_way(link, "syncing", "refresh", "Syncing…")


def _unknown(item: ActionItem, link: IssueLink, around: Circumstances, now: datetime) -> ItemState:
    message = item_messages.same_for_all(
        "warn",
        "Jira gave no answer while the issue was created. We look for it before creating it "
        "again. Nothing for you to do.",
    )
    return _on_the_way(link, "syncing", "refresh", "Checking with Jira…", message=message)


def _retrying(item: ActionItem, link: IssueLink, around: Circumstances, now: datetime) -> ItemState:
    words = f"Retrying {min(max(link.tries, 1), RETRIES)} of {RETRIES}"
    message = item_messages.retry(link, around.place)
    at = link.not_before if link.not_before and link.not_before > now else None
    state = _on_the_way(link, "retrying", "rotate-clockwise", words, at=at, message=message)
    return replace(state, before_time="at") if at else state


def _on_the_way(
    link: IssueLink,
    chip: str,
    icon: str,
    words: str,
    at: datetime | None = None,
    message: Message | None = None,
) -> ItemState:
    key, way = key_of(link), Stage.ON_THE_WAY
    return ItemState(chip, icon, words, way, key, at=at, message=message, moving=True)


def _error(item: ActionItem, link: IssueLink, around: Circumstances, now: datetime) -> ItemState:
    there = not _elsewhere(link, around)
    words = item_messages.failure(link, around.place) if there else None
    message = words or item_messages.elsewhere(around.place)
    key, you = key_of(link), Stage.NEEDS_YOU
    return ItemState(
        "error", "alert-circle", "Sync error", you, key, message=message, pushable=there
    )


def _synced(item: ActionItem, link: IssueLink, around: Circumstances, now: datetime) -> ItemState:
    key, there, chip = key_of(link), Stage.IN_JIRA, ("synced", "circle-check", "Synced")
    if link.failure_code is FailureCode.TWO_ISSUES:
        message = item_messages.two_issues(link.failure_fields or [])
        words = "Two issues in Jira"
        return ItemState("error", "alert-circle", words, Stage.NEEDS_YOU, key, message=message)
    if texts := two_texts.of(item, link):
        both = ("limited", "arrows-diff", "Changed in Jira too")
        return ItemState(*both, Stage.NEEDS_YOU, key, differences=texts)
    if owing := _owing(link, around, now):
        return owing
    if item.completed_in is CompletedIn.JIRA:
        return ItemState("done", "circle-check", "Completed in Jira", there, key)
    lacking = item_messages.left_out(link, around.place)
    if sides := undecided.sides_of(item, link):
        message = item_messages.both(item_messages.differs(link, len(sides)), lacking)
        return ItemState(*chip, there, key, message=message, undecided=True)
    if link.assignee_note is not None and item.assignee is not None:
        message = item_messages.assignee(item, link, link.assignee_note, around.place)
        message = item_messages.both(message, lacking)
        assigned = (link.snapshot or {}).get("assignee")
        words = "Other assignee in Jira" if assigned else "No assignee in Jira"
        return ItemState("limited", "user-question", words, there, key, message=message)
    return ItemState(*chip, there, key, message=lacking)


def _owing(link: IssueLink, around: Circumstances, now: datetime) -> ItemState | None:
    """It holds what stands here, and is on its way to another status, or should be."""
    said, key = owed_words.words_of(link, around.place, now), key_of(link)
    if said is None:
        return None
    if said.moving and around.hold in PASSING:
        return ItemState(*waiting_chip(around.hold), Stage.ON_THE_WAY, key, moving=True)
    stage = Stage.ON_THE_WAY if said.moving else Stage.NEEDS_YOU
    state = ItemState(said.chip, said.icon, said.words, stage, key, said.at, said.message)
    return replace(state, moving=said.moving, before_time="at" if said.at else "")


def _deleted(item: ActionItem, link: IssueLink, around: Circumstances, now: datetime) -> ItemState:
    fact = f"{link.issue_key or 'The issue'} was deleted in Jira. The action item is still here."
    chip = ("deleted", "trash-x", "Deleted in Jira")
    offer = Offer.RENEWAL if around.offers_sync else None
    message = item_messages.same_for_all("", fact)
    return ItemState(*chip, Stage.NEEDS_YOU, key_of(link), message=message, offer=offer)


def _unseen(item: ActionItem, link: IssueLink, around: Circumstances, now: datetime) -> ItemState:
    message = item_messages.unseen(link, around.place)
    key, you = key_of(link), Stage.NEEDS_YOU
    return ItemState("limited", "eye-off", "Cannot be seen", you, key, message=message)


_Describe = Callable[[ActionItem, IssueLink, Circumstances, datetime], ItemState]

_BY_STATE: dict[LinkState, _Describe] = {
    LinkState.WAITING: _waiting,
    LinkState.SYNCING: _syncing,
    LinkState.UNKNOWN: _unknown,
    LinkState.RETRYING: _retrying,
    LinkState.ERROR: _error,
    LinkState.SYNCED: _synced,
    LinkState.DELETED: _deleted,
    LinkState.UNSEEN: _unseen,
}
