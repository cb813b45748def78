"""What lists of action items say around and beside their rows. Pure."""

from dataclasses import dataclass

from app.services import text_search
from app.services.panel.item_states import ItemState
from app.services.retrospectives.item_filters import Completion, Filters
from app.services.text_search import Reach

_NOUNS = {
    Completion.OPEN: "open action item",
    Completion.COMPLETE: "complete action item",
    Completion.ALL: "action item",
}


@dataclass(frozen=True)
class ListWords:
    """scope: whose items these are. noun: what one of them is called. narrowed: something beside
    open or complete is left out. nothing: what stands there instead of items."""

    scope: str
    noun: str
    narrowed: bool
    nothing: str


@dataclass(frozen=True)
class InJira:
    """What a column shows of an issue beside its key: the chip, or that there is none yet."""

    chip: bool
    nothing: str = ""


def words_of(filters: Filters, organization_name: str, *, every_team: bool) -> ListWords:
    """Word the list of an organization. every_team: the person sees all of its teams."""
    whose = f"item of {organization_name}" if every_team else "item of your teams"
    narrowed = filters != Filters(completion=filters.completion)
    noun = _NOUNS[filters.completion]
    return ListWords(
        scope=f"Every action {whose}, from all retrospectives.",
        noun=noun,
        narrowed=narrowed,
        nothing="No action item fits these filters." if narrowed else f"No {noun}s.",
    )


def remark_of(reach: Reach, *, cut: bool) -> str:
    """What a search for words left out. cut: more fits them than is looked at."""
    if reach is Reach.NEWEST:
        return f"Only the newest {text_search.NEWEST:,} were searched."
    return f"Only the newest {text_search.MOST:,} that have these words are listed." if cut else ""


def in_jira(state: ItemState) -> InJira:
    """An issue that is there as it should be is known by its status and key alone."""
    if state.key is not None:
        return InJira(chip=state.chip not in {"", "synced"})
    return InJira(chip=bool(state.chip), nothing="" if state.chip else "Not yet")
