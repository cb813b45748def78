"""How often a write is tried, and how long it waits in between."""

import json
from datetime import timedelta
from typing import Any

from tests.simulation.auditor.memory import NEVER, Item, Memory, Rows, Series
from tests.simulation.network import Exchange
from tests.simulation.scheduler import Process

# Between the look at what is chosen, which is in the stamp's transaction, and the request.
STAMPED = 0.1
# What a drain may still do with what it has claimed, or found that it may send.
RUNNING_PUSH = 90.0
# Waits before the retries, without their jitter, and after the last one (design.md §4, §5); the two
# probes (design.md §3.4).
WAITS = (10.0, 60.0, 300.0)
AFTER_GIVING_UP = 60.0
PROBED = 44.0
A_LITTLE = 0.1
# An issue that came to sight again is compared once more, with fresh tries (design.md §2.2).
REAPPEARED = (
    "SELECT e.id FROM sync_entry e JOIN issue_link l ON l.id = e.issue_link_id"
    " WHERE l.public_id = :link AND e.operation = 'reappear' AND e.started_at >= :since"
)
CLAIMED = "SELECT public_id AS link FROM issue_link WHERE claim_id IS NOT NULL"


class Tries:
    """Counts what was sent for each link."""

    memory: Memory
    rows: Rows

    def waited(self, exchange: Exchange, item: Item, link: str, at: int) -> None:
        """A write leaves: not too often, and not too soon.

        What was refused while admins chose other values goes out at once with these: no try.
        """
        series = self._series(exchange, item, link)
        fields = fields_of(exchange, at)
        if series.unknown and exchange.operation == "edit":
            series.start_anew()  # its issue was found: what was created is not sent again
        before, series.left_at = series.left_at, self.memory.now
        self._forget(item, link, series)
        gap = self.memory.now - series.ended_at
        otherwise = item.customer.chosen_at >= before - STAMPED and series.refused
        otherwise = otherwise and gap < WAITS[0]
        if series.failures and (otherwise or _goes_on(series, exchange, fields, gap)):
            series.failures -= 1
            series.failures_at_most -= 1
            return
        if series.failures > len(WAITS):
            self._gave_up(item, series, gap)
        elif self._may_have_given_up(item, series, gap):
            series.failures = 0  # at least; at most, those of before count on
        elif series.failures:
            self._has_waited(item, series, gap)

    def _series(self, exchange: Exchange, item: Item, link: str) -> Series:
        if link not in self.memory.series:
            vain = self.memory.asked_in_vain[exchange.process.about]
            tries = sum(at >= item.rearmed_at for at in vain)
            self.memory.series[link] = Series(failures_at_most=tries)
        return self.memory.series[link]

    def _forget(self, item: Item, link: str, series: Series) -> None:
        if series.ended_at == NEVER:
            return
        if self._has_reappeared(link, series):
            series.start_anew()
        elif max(item.rearmed_at, self.memory.disturbed_at) >= series.ended_at:
            # At least: an edit gives fresh tries only to what had given up, and counts on else.
            series.failures = 0

    def _has_reappeared(self, link: str, series: Series) -> bool:
        since = self.memory.moment(timedelta(seconds=self.memory.now - series.ended_at))
        return series.failures > 0 and bool(self.rows(REAPPEARED, link=link, since=since))

    def _gave_up(self, item: Item, series: Series, gap: float) -> None:
        """All tries were used up: only the end of an outage gives new ones."""
        if series.says_why or not self._has_answered_since(item, series):
            self.memory.find("tries", f"item {item.id} is tried a fifth time", item.id)
        elif gap < AFTER_GIVING_UP - A_LITTLE:
            what = f"item {item.id} is sent again {gap:.1f} s after it gave up"
            self.memory.find("waits", what, item.id)
        series.start_anew()

    def _may_have_given_up(self, item: Item, series: Series, gap: float) -> bool:
        """Whether all tries were used up if everything counted as one that may have."""
        used_up = series.failures_at_most > len(WAITS)
        vain = self.memory.asked_in_vain[series.about]
        # The last of them may have been a question that was not answered, after a refusal.
        in_vain = not series.says_why or (vain and vain[-1] > series.ended_at)
        long_ago = gap >= AFTER_GIVING_UP - A_LITTLE
        return bool(used_up and in_vain and long_ago and self._has_answered_since(item, series))

    def _has_answered_since(self, item: Item, series: Series) -> bool:
        return item.customer.heard_success_at >= series.ended_at

    def _has_waited(self, item: Item, series: Series, gap: float) -> None:
        if gap < (PROBED if series.unknown else WAITS[series.failures - 1] - A_LITTLE):
            what = f"item {item.id} is sent again after {gap:.1f} s, failure {series.failures}"
            self.memory.find("waits", what, item.id)

    def tried(self, exchange: Exchange, item: Item | None, link: str, at: int) -> None:
        """A write was answered, or was given up."""
        heard = exchange.heard
        series = self.memory.series.setdefault(link, Series())
        if heard in {401, 429} or _of_assignee(exchange, at):
            return  # no try is used: the wait since the last one has been waited
        if exchange.left_at < series.left_at:
            series.failures_at_most += 1  # who hears it was frozen, and holds nothing any more
            return
        series.ended_at, series.told_to = self.memory.now, exchange.process
        series.about = exchange.process.about
        series.sent = fields_of(exchange, at)
        series.among_many = b'"issueUpdates"' in exchange.body
        if heard is not None and heard < 300 and not exchange.garbled:
            series.failures = series.failures_at_most = 0
            return
        if item is not None and item.rearmed_at >= exchange.left_at:
            series.failures = 0  # asked for anew while it was under way: of those tries, the first
        series.failures += 1
        series.failures_at_most += 1
        series.refused = heard is not None and 400 <= heard < 500
        series.says_why = series.refused and not exchange.garbled
        creates = exchange.operation == "create"
        series.unknown = creates and not series.refused and not exchange.never_left

    def asked_in_vain(self, exchange: Exchange) -> None:
        """A question was not answered. Of what had to ask before it could write, that was a try."""
        self.memory.asked_in_vain[exchange.process.about].append(self.memory.now)
        for series in self.memory.series.values():
            if series.about == exchange.process.about:
                series.failures_at_most += 1

    def died(self, process: Process) -> None:
        """What a process was told and had not written down yet, nobody knows."""
        unwritten = {row["link"] for row in self.rows(CLAIMED)}
        for link, series in self.memory.series.items():
            if series.told_to is process and series.failures and link in unwritten:
                series.failures -= 1
                series.unknown = True


def fields_of(exchange: Exchange, at: int) -> dict[str, Any]:
    """What a write carries for the link at this place of the request."""
    body = json.loads(exchange.body)
    fields: dict[str, Any] = body.get("issueUpdates", [body])[at].get("fields", {})
    return fields


def _goes_on(series: Series, exchange: Exchange, fields: dict[str, Any], gap: float) -> bool:
    """Whether what was refused goes out once more with less in it, which is no try."""
    # Those of a bulk that was refused as a whole follow one another; whoever was told may have to
    # wait for what it asks in between.
    running = series.among_many or series.told_to is exchange.process
    at_once = RUNNING_PUSH if running else WAITS[0]
    return series.refused and gap < at_once and _is_less(fields, series)


def _is_less(fields: dict[str, Any], series: Series) -> bool:
    """Whether it carries less than what was refused, a plainer text, or is alone now."""
    plainer = fields.get("description") != series.sent.get("description")
    return series.among_many or fields.keys() < series.sent.keys() or plainer


def _of_assignee(exchange: Exchange, at: int) -> bool:
    """Whether Jira refused the assignee: then it is tried again at once, without."""
    if exchange.answer is None or exchange.garbled or exchange.heard != 400:
        return False
    try:
        body = json.loads(exchange.answer.body)
    except ValueError:
        return False
    errors = body.get("errors", {})
    if isinstance(errors, list):
        errors = next(
            (e["elementErrors"]["errors"] for e in errors if e["failedElementNumber"] == at), {}
        )
    return "assignee" in errors
