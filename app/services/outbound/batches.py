"""What goes out in one request, and creates whose plans are made when their turn comes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.services.fields.values import values_of
from app.services.outbound.assignee import Owner
from app.services.outbound.claims import Claim
from app.services.outbound.plan import Plan, Screen, plan

# So few creates are as soon done one by one: the issues of a bulk have to be read back.
SINGLE_CREATES = 2
# Creates in a bulk. The first is short, because people wait for keys; then as many as Jira takes.
FIRST_BULK, NEXT_BULKS = 10, 50


@dataclass(frozen=True)
class Upcoming:
    """A create whose plan is made when its turn comes: to render a text takes its time, in which
    the request before it is under way already."""

    claim: Claim
    screen: Screen
    owner: Owner

    @property
    def creates_in(self) -> str:
        """As of the plan."""
        return self.claim.target.project_id if self.claim.target is not None else ""

    def plan(self) -> Plan:
        """What it sends. Pure."""
        wanted = self.claim.desired
        return plan(self.claim, values_of(wanted.sources, wanted.backlink), self.screen, self.owner)


def batches(plans: Sequence[Plan | Upcoming]) -> list[list[Plan | Upcoming]]:
    """Split into requests: two creates of a project singly, more in bulks; updates singly.

    In the order of the items: who sends them lets one request that creates in a project follow the
    other, so that Jira numbers issues as the items stand. The last of many goes out singly: its
    own answer says whose it is, and comes while the last bulk is read back.
    """
    updates = [[each] for each in plans if not _creates(each)]
    projects: dict[str, list[Plan | Upcoming]] = {}
    for each in plans:
        if _creates(each):
            projects.setdefault(each.creates_in, []).append(each)
    return [batch for creates in projects.values() for batch in _split(creates)] + updates


def _creates(each: Plan | Upcoming) -> bool:
    return isinstance(each, Upcoming) or each.creates


def _split(creates: Sequence[Plan | Upcoming]) -> list[list[Plan | Upcoming]]:
    if len(creates) <= SINGLE_CREATES:
        return [[each] for each in creates]
    last = len(creates) - 1
    ends = [*range(FIRST_BULK, last, NEXT_BULKS), last, len(creates)]
    return [list(creates[start:end]) for start, end in pairwise([0, *ends])]
