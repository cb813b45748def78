"""The sync log as values: the page with its filters, and the section of the settings page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from app.models import Organization
from app.services import text_search
from app.services.counts import MOST, Count
from app.services.grants.asking import usable_connection
from app.services.outbound.links import failed_count
from app.services.panel import cause_words, causes, list_words
from app.services.panel.cause_words import OrderWords
from app.services.panel.causes import Group
from app.services.panel.item_messages import Message
from app.services.sync_log import pages
from app.services.sync_log.chart import Chart, chart_of
from app.services.sync_log.narrowing import Filters, Shown
from app.services.sync_log.pages import Cursor, EntryPage
from app.services.sync_log.rows import (
    LogRow,
    digest,
    rows_of,
    rows_under_way,
    seconds_until_next_look,
)

SECTION_SIZE = 4
# What failed stands by cause, so that a group is all of its cause: up to so many on a page.
BY_CAUSE_SIZE = 500


@dataclass(frozen=True)
class LogGroup:
    """Entries that failed for one cause. `retried`: the ids of those that trying again may help."""

    heading: str
    message: Message
    rows: Sequence[LogRow]
    retried: Sequence[int]

    @property
    def id(self) -> str:
        return f"group-{self.rows[0].id}"


@dataclass(frozen=True)
class Log:
    """What an admin sees. `under_way` is what Jira has not answered for yet, `more_under_way` how
    many of those are not listed; `interval` the seconds until the page looks again, if it does;
    `by_time`: what failed is asked for in the order of time. `remark`: what a search left out.
    """

    filters: Filters
    page: EntryPage
    rows: Sequence[LogRow]
    under_way: Sequence[LogRow]
    more_under_way: Count
    failed: Count
    retrying: Count
    may_retry: bool
    interval: int | None
    before: Cursor | None = None
    after: Cursor | None = None
    chart: Chart | None = None
    by_time: bool = False
    remark: str = ""

    @property
    def parts(self) -> Sequence[LogRow | LogGroup]:
        """The rows, those of one cause together: neighbours, and of what failed all on the page."""
        if self.by_time:
            return self.rows
        parts = causes.bundled(self.rows, anywhere=self.filters.shown is Shown.FAILED)
        return [_log_group(part) if isinstance(part, Group) else part for part in parts]

    @property
    def whole(self) -> bool:
        """Whether nothing stands on another page."""
        return not self.page.older and not self.page.newer

    @property
    def order(self) -> OrderWords:
        """In which order the rows stand, in words."""
        if self.filters.shown is not Shown.FAILED:
            return OrderWords()
        parts = self.parts
        return cause_words.order_words(
            shown=len(self.rows),
            total=self.page.total,
            reasons=len(parts),
            grouped=any(isinstance(part, LogGroup) for part in parts),
            by_time=self.by_time,
        )

    @property
    def empty(self) -> bool:
        """Nothing was ever tried."""
        return not self.rows and not self.under_way and not self.filters.narrow and not self.before

    @property
    def token(self) -> str:
        """The same as long as the same is shown: a look that brings it gets a 204."""
        lines = [(row.id, row.version) for row in (*self.under_way, *self.rows)]
        numbers = (self.page.total, self.failed, self.retrying, self.more_under_way)
        return digest(lines, numbers, self.may_retry, self.interval, self.chart)


def _log_group(group: Group[LogRow]) -> LogGroup:
    first = group.rows[0]
    retried = [row.entry.id for row in group.rows if row.retry and row.entry]
    return LogGroup(group.message.heading or first.state.fact, group.message, group.rows, retried)


def may_retry(organization: Organization) -> bool:
    """Whether trying again leads anywhere: Jira is connected and the plan includes it."""
    return usable_connection(organization) is not None


def log_of(
    organization: Organization,
    filters: Filters,
    now: datetime,
    *,
    before: Cursor | None = None,
    after: Cursor | None = None,
    size: int = pages.PAGE_SIZE,
    chart: Chart | None = None,
    by_time: bool = False,
) -> Log:
    """Read one page of the log at `now` (aware UTC)."""
    if filters.shown is Shown.FAILED and not by_time:
        size = BY_CAUSE_SIZE
    sendable = may_retry(organization)
    found = pages.page(organization.id, filters, before=before, after=after, size=size)
    rows = rows_of(organization, found.entries, may_retry=sendable)
    going, more = _under_way(organization, filters, now, sendable and found.newer is None)
    retrying = Filters(Shown.RETRYING)
    return Log(
        filters=filters,
        page=found,
        rows=rows,
        under_way=going,
        more_under_way=more,
        failed=failed_count(organization),
        retrying=pages.count(organization.id, retrying) if sendable else Count(0),
        may_retry=sendable,
        interval=seconds_until_next_look((*going, *rows), now),
        before=before,
        after=after,
        chart=chart,
        by_time=by_time,
        remark=_remark(filters),
    )


def _remark(filters: Filters) -> str:
    """What a search left out."""
    return list_words.remark_of(text_search.reach(), cut=False) if filters.text else ""


def section_of(organization: Organization, zone: tzinfo, now: datetime) -> Log:
    """The last entries and 14 days in the viewer's `zone`, for the settings page."""
    chart = chart_of(organization.id, zone, now)
    return log_of(organization, Filters(), now, size=SECTION_SIZE, chart=chart)


def _under_way(
    organization: Organization, filters: Filters, now: datetime, shown: bool
) -> tuple[list[LogRow], Count]:
    """Only above the newest entries, and only while it can go out at all: today's, if anybody's."""
    today = filters.days is None or filters.days.has(now)
    if not (shown and today and filters.shown is Shown.ALL):
        return [], Count(0)
    links, total = pages.under_way(organization.id, filters)
    rows = rows_under_way(organization, links)
    return rows, _more(total, links) if rows else Count(0)


def _more(total: Count, listed: Sequence[object]) -> Count:
    """Of a number that is not known there are so many more, at least."""
    return total if total > MOST else Count(total - len(listed))
