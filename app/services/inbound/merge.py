"""Which fields that were changed in Jira become the action item's: a pure three-way decision.

Jira's value, ours, and the snapshot of what Jira was last known to hold: only a field that
changed in Jira and not here is taken over. Changed on both sides, ours wins. What equals the
snapshot is old news or the echo of our own write.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.jira import adf
from app.jira.types import Issue


@dataclass(frozen=True)
class Switches:
    """What an organization lets come back beside the status."""

    title: bool = False
    assignee: bool = False
    due_date: bool = False


@dataclass(frozen=True)
class Ours:
    """The action item. `unmatched`: the issue's assignee stands in for somebody Jira lacks."""

    title: str
    due_on: date | None
    assignee_id: int | None
    unmatched: bool = False


@dataclass
class Verdict:
    """What becomes of each field, by Jira's names of fields.

    values: what the action item gets, by attribute
    snapshot: what of the snapshot is now other, so that nothing is sent back
    taken, kept, left: fields taken over; changed on both sides; of no meaning here
    """

    values: dict[str, Any] = field(default_factory=dict)
    snapshot: dict[str, Any] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def take(self, name: str, values: dict[str, Any], snapshot: dict[str, Any]) -> None:
        """Take a field over."""
        self.taken.append(name)
        self.values |= values
        self.snapshot |= snapshot


def compare(
    switches: Switches,
    snapshot: Mapping[str, Any] | None,
    ours: Ours,
    issue: Issue,
    members: Mapping[str, int],
) -> Verdict:
    """Decide for each field that is switched on and that both sides hold.

    snapshot: None where nothing was ever sent; then nothing can be told apart.
    members: by Jira account, the one member whom the item may be given to.
    """
    verdict = Verdict()
    if snapshot is None:
        return verdict
    if switches.title and "summary" in snapshot and issue.summary:
        _title(verdict, snapshot, ours, issue.summary)
    if switches.due_date and _held("duedate", snapshot, issue):
        _due_date(verdict, snapshot, ours, issue)
    if switches.assignee and _held("assignee", snapshot, issue):
        _assignee(verdict, snapshot, ours, issue, members)
    return verdict


def _held(name: str, snapshot: Mapping[str, Any], issue: Issue) -> bool:
    """Whether the field was on the screen when we wrote, and is in what was read now."""
    return name in snapshot and name in issue.fields


def _title(verdict: Verdict, snapshot: Mapping[str, Any], ours: Ours, summary: str) -> None:
    """As a summary we would write ourselves: one line, and what is written back is the same."""
    theirs, mine, known = adf.summary(summary), adf.summary(ours.title), snapshot["summary"]
    if theirs in {known, mine}:
        return
    if mine != known:
        verdict.kept.append("summary")
    else:
        verdict.take("summary", {"title": theirs}, {"summary": theirs})


def _due_date(verdict: Verdict, snapshot: Mapping[str, Any], ours: Ours, issue: Issue) -> None:
    theirs = issue.due_date.isoformat() if issue.due_date else None
    mine = ours.due_on.isoformat() if ours.due_on else None
    known = snapshot["duedate"]
    if theirs in {known, mine}:
        return
    if mine != known:
        verdict.kept.append("duedate")
    else:
        verdict.take("duedate", {"due_on": issue.due_date}, {"duedate": theirs})


def _assignee(
    verdict: Verdict,
    snapshot: Mapping[str, Any],
    ours: Ours,
    issue: Issue,
    members: Mapping[str, int],
) -> None:
    """Ours is a member, Jira's an account; the snapshot has both as they were."""
    theirs = issue.assignee_id
    if theirs == snapshot["assignee"] or (theirs is None and ours.unmatched):
        return
    member = members.get(theirs) if theirs else None
    same = member == ours.assignee_id and (theirs is None) == (member is None)
    if ours.assignee_id != snapshot.get("assignee_id"):
        if not same:
            verdict.kept.append("assignee")
    elif theirs is not None and member is None:
        verdict.left.append("assignee")
    else:
        known = {"assignee": theirs, "assignee_id": member}
        verdict.take("assignee", {"assignee_id": member}, known)
        if same:  # the issue went to whom the item had all along
            verdict.taken.remove("assignee")
