"""Years of action items, as rows: each told by its number, so that none has to be kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.clock import utcnow
from app.models import ActionItem, IssueLink, Retrospective, SyncAttempt, SyncEntry

FIVE_YEARS, LOG_DAYS = 5 * 365, 90
IN_A_RETROSPECTIVE, IN_THE_LAST = 10, 50
VERBS = (
    "Fix", "Halve", "Review", "Document", "Automate", "Split", "Retire", "Measure", "Rename",
    "Cache", "Test", "Move",
)  # fmt: skip
THINGS = (
    "the build", "the canary stage", "the on-call handbook", "CI time", "the login form",
    "the pipeline of the website", "flaky tests", "the release notes", "the staging database",
    "the error budget", "the retro board", "the invoice export", "the search index",
)  # fmt: skip
RARE = "zephyrantes"  # in the title of the very first one alone
WRITTEN: tuple[type[Any], ...] = (Retrospective, ActionItem, IssueLink, SyncEntry, SyncAttempt)

Row = Sequence[Any]


@dataclass(frozen=True)
class Place:
    """Where the items of an organization belong."""

    slug: str
    organization_id: int
    team_ids: Sequence[int]
    connection_id: int
    author_id: int
    owner_id: int


class History:
    """Years of retrospectives, told in numbers: item n stands in retrospective n // 10."""

    LAST = "The latest retrospective"

    def __init__(
        self, places: Sequence[Place], items: int, days: int, last: Mapping[str, int]
    ) -> None:
        """last: the largest id that each table has."""
        self.places, self.items, self.last = places, items, last
        self.now = utcnow()
        self.step = timedelta(days=days) / max(items, 1)
        # The newest items of the first organization are one retrospective more, of its first team.
        self.ordinary = max(items - IN_THE_LAST, 0)
        self.retrospectives = -(-self.ordinary // IN_A_RETROSPECTIVE) + 1
        self.logged_since = self.now - timedelta(days=LOG_DAYS)

    def tables(self) -> Iterator[tuple[str, str, Iterable[Row]]]:
        yield Retrospective.__tablename__, RETROSPECTIVE, self._retrospectives()
        yield ActionItem.__tablename__, ACTION_ITEM, self._action_items()
        yield IssueLink.__tablename__, ISSUE_LINK, self._links()
        yield SyncEntry.__tablename__, SYNC_ENTRY, self._entries()
        yield SyncAttempt.__tablename__, SYNC_ATTEMPT, self._attempts()

    def _id(self, model: type[Any], number: int) -> int:
        return self.last[model.__tablename__] + 1 + number

    def _at(self, item: int) -> datetime:
        return self.now - self.step * (self.items - item)

    def _of(self, item: int) -> int:
        return min(item // IN_A_RETROSPECTIVE, self.retrospectives - 1)

    def _place(self, retrospective: int) -> tuple[Place, int]:
        if retrospective == self.retrospectives - 1:
            return self.places[0], self.places[0].team_ids[0]
        place = self.places[retrospective % len(self.places)]
        round_ = retrospective // len(self.places)
        return place, place.team_ids[round_ % len(place.team_ids)]

    def _committed(self, retrospective: int) -> datetime:
        return self._at(min((retrospective + 1) * IN_A_RETROSPECTIVE, self.items) - 1)

    def _retrospectives(self) -> Iterator[Row]:
        for number in range(self.retrospectives):
            at, last = self._committed(number), number == self.retrospectives - 1
            title = self.LAST if last else f"Retrospective {number}"
            (place, team_id), phase = self._place(number), "commit" if last else "closed"
            yield (
                self._id(Retrospective, number), team_id, place.organization_id, title, phase,
                at.date().isoformat(), _text(at), _text(at)
            )  # fmt: skip

    def _kind(self, item: int) -> str:
        """What became of an item: of the newest 2,000 some have failed, or are under way."""
        if self.items - item <= 2000 and item % 100 == 7:
            return "error"
        if self.items - item <= 500 and item % 100 == 9:
            return "waiting"
        return "deleted" if item % 500 == 11 else "synced"

    def _newest(self, many: int) -> range:
        return range(max(self.items - many, 0), self.items)

    def _open(self, item: int) -> bool:
        """Most of what is younger than two months, and a few of all the others."""
        young = self._at(item) > self.now - timedelta(days=60)
        return item % 10 < 6 if young else item % 50 == 3

    def _action_items(self) -> Iterator[Row]:
        for item in range(self.items):
            at = _text(self._at(item))
            title, (place, team_id) = _title(item), self._place(self._of(item))
            due = (self._at(item) + timedelta(days=14)).date().isoformat() if item % 4 else None
            done = None if self._open(item) else _text(min(self._at(item), self.now))
            yield (
                self._id(ActionItem, item), f"i{self._id(ActionItem, item):031}",
                self._id(Retrospective, self._of(item)), place.organization_id, team_id,
                title, "As agreed.",
                place.owner_id if item % 3 else None, due, done, done and "unpack",
                place.author_id, at, done or at,
            )  # fmt: skip

    def _links(self) -> Iterator[Row]:
        for item in range(self.items):
            kind = self._kind(item)
            at, key = (
                _text(self._at(item)),
                None if kind in {"error", "waiting"} else f"PLAT-{item}",
            )
            place = self._place(self._of(item))[0]
            synced = at if key else None
            yield (
                self._id(IssueLink, item), f"l{self._id(IssueLink, item):031}",
                self._id(ActionItem, item), place.connection_id, 1, kind, at, 0, 1,
                "cloud-0" if key else None, "https://site-0.atlassian.net" if key else None,
                f"1{item}" if key else None, key, synced,
                at if kind == "waiting" else None, 1, 0, 4 if kind == "error" else 0,
                "may-not-create" if kind == "error" else None, None if key else at,
            )  # fmt: skip

    def _logged(self) -> Iterator[tuple[int, int, bool]]:
        """Number, item, and whether it is an edit of it: those that the log still keeps, and what
        has failed."""
        kept = [n for n in self._newest(2000) if self._kind(n) == "error"]
        first = next((n for n in range(self.items) if self._at(n) > self.logged_since), self.items)
        number = 0
        for item in (*(n for n in kept if n < first), *range(first, self.items)):
            if self._kind(item) == "waiting":
                continue
            yield number, item, False
            number += 1
            if item % 5 == 2:
                yield number, item, True
                number += 1

    def _entries(self) -> Iterator[Row]:
        for number, item, edit in self._logged():
            place, team_id = self._place(self._of(item))
            failed, at = self._kind(item) == "error", _text(self._at(item))
            yield (
                self._id(SyncEntry, number), place.organization_id, team_id,
                self._id(IssueLink, item), self._id(ActionItem, item),
                "update" if edit else "create", '["summary"]' if edit else "[]",
                "error" if failed else "synced", _title(item), None if failed else f"PLAT-{item}",
                "may-not-create" if failed else None, 4 if failed else int(item % 17 == 0), at, at,
            )  # fmt: skip

    def _attempts(self) -> Iterator[Row]:
        for number, item, edit in self._logged():
            failed = self._kind(item) == "error"
            yield (
                self._id(SyncAttempt, number), self._id(SyncEntry, number),
                "update" if edit else "create",
                "refused" if failed else "succeeded", 403 if failed else 201, 180,
                _text(self._at(item)),
            )  # fmt: skip


RETROSPECTIVE = "id team_id organization_id title phase held_on committed_at created_at"
ACTION_ITEM = (
    "id public_id retrospective_id organization_id team_id title description assignee_id due_on "
    "completed_at completed_in created_by_id created_at updated_at"
)
ISSUE_LINK = (
    "id public_id action_item_id connection_id active state created_at withdrawn revision cloud_id "
    "site_url issue_id issue_key synced_at due_at change_number empty_probes tries failure_code "
    "failed_at"
)
SYNC_ENTRY = (
    "id organization_id team_id issue_link_id action_item_id operation fields state title "
    "issue_key failure_code tries started_at updated_at"
)
SYNC_ATTEMPT = "id entry_id operation outcome status duration_ms started_at"


def _title(item: int) -> str:
    words = f"{VERBS[item % len(VERBS)]} {THINGS[item % len(THINGS)]}"
    return f"{words} {RARE}" if item == 0 else f"{words} {item}"


def _text(moment: datetime) -> str:
    """As SQLite keeps it; PostgreSQL is told below that it is UTC."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
