"""What is said of what a team committed before. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum

from app.services.labels import plural
from app.services.panel.circumstances import Circumstances
from app.services.panel.holds import Hold
from app.services.panel.item_states import ItemState

# What is asked for takes a moment; whoever looks meanwhile is not told that it failed.
ANSWER_WITHIN = timedelta(seconds=10)
# What somebody has to know or do stands before anything that is said of an item here.
_GIVE_WAY = {"", "synced", "done", "idle"}


class Rank(IntEnum):
    """How an item of before ranks in the list: the worst comes first."""

    OVERDUE = 0
    UNTOUCHED = 1
    DELETED = 2
    OPEN = 3
    DONE_IN_JIRA = 4  # open here: nobody told us
    CARRIED = 5
    DROPPED = 6
    DONE = 7

    @property
    def is_open_here(self) -> bool:
        """Whether the meeting has something to say of it."""
        return self <= Rank.DONE_IN_JIRA


@dataclass(frozen=True)
class TruthWords:
    """What Jira says of it, and since when: `words`, then the moment `at`, then `rest`."""

    words: str = ""
    at: datetime | None = None
    rest: str = ""


def state_words(state: ItemState, rank: Rank, days: int) -> ItemState:
    """The item's state with the one chip that says most here. days: since when it is untouched."""
    if rank in {Rank.DROPPED, Rank.DONE} or state.chip not in _GIVE_WAY:
        return state
    if rank is Rank.CARRIED:
        return _chip(state, "carried", "corner-down-right", "Carried over")
    if rank is Rank.DONE_IN_JIRA:
        return _chip(state, "done", "circle-check", "Done in Jira")
    if days:
        return _chip(state, "limited", "hourglass", f"Untouched for {plural(days, 'day')}")
    return state


def count_words(ranks: list[Rank]) -> str:
    """ "4 open, 1 carried over, 2 done since"."""
    open_here = sum(each.is_open_here for each in ranks)
    parts = [
        (open_here, "open"),
        (ranks.count(Rank.CARRIED), "carried over"),
        (ranks.count(Rank.DROPPED), "dropped"),
        (ranks.count(Rank.DONE), "done since"),
    ]
    return ", ".join(f"{count} {word}" for count, word in parts if count)


def truth_words(
    around: Circumstances, as_of: datetime | None, asked_at: datetime | None, now: datetime
) -> TruthWords:
    """Whence it is known. as_of: when the issues were read, the oldest of it. asked_at: when Jira
    was asked for them last. All aware UTC."""
    if not around.plan_includes_jira:
        return TruthWords("The plan does not include Jira, so this is what Unpack knows.")
    if around.connection is None or around.hold is Hold.DISCONNECTED:
        return TruthWords("Jira is not connected, so this is what Unpack knows.")
    if as_of is None:
        return TruthWords()
    unanswered = asked_at is not None and as_of < asked_at and now > asked_at + ANSWER_WITHIN
    if around.hold not in {None, Hold.TEAM, Hold.RESTORED}:
        return TruthWords("Jira is not asked now; what it said is as of", as_of, ".")
    if unanswered:
        return TruthWords("Jira did not answer; what it said is as of", as_of, ".")
    return TruthWords("Jira as of", as_of, ".")


def _chip(state: ItemState, chip: str, icon: str, words: str) -> ItemState:
    return replace(state, chip=chip, icon=icon, fact=words, at=None, before_time="")
