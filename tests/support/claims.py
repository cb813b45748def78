"""A claim on a link that has no issue yet, as a drain holds it: what planning starts from."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.jira import issue_reading
from app.jira.adf import Backlink
from app.jira.types import Issue
from app.models import MatchState
from app.services.fields import values
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import SYNCED_FIELDS
from app.services.mapping.mappings import Target
from app.services.outbound import plan as outbound_plan
from app.services.outbound.assignee import Owner
from app.services.outbound.claims import Claim, Desired
from app.services.outbound.plan import Plan, Screen
from app.services.people.matches import Match

SCREEN = frozenset({"summary", "description", "assignee", "duedate", "labels"})
MAYA = Match(MatchState.MATCHED, "account-maya")

DESIRED = Desired(
    sources={
        "summary": "Cut CI time",
        "description": "**Ten** minutes",
        "assignee": 4,
        "duedate": date(2026, 12, 4),
    },
    assignee_email="member1@acme.test",
    backlink=Backlink("From the retrospective", "https://unpack.test/retrospectives/1"),
)
CLAIM = Claim(
    link_id=1,
    link_public_id="link",
    item_public_id="item",
    change_number=1,
    issue_id=None,
    project_id=None,
    snapshot=None,
    assignee_note=None,
    tries=0,
    target=Target("10000", "PLAT", "10001"),
    desired=DESIRED,
    stamp=None,
    deleted=False,
)


def written(**values: object) -> Desired:
    """What is desired, with other values in some of Jira's fields."""
    return replace(DESIRED, sources={**DESIRED.sources, **values})


def plan(
    claim: Claim,
    screen: frozenset[str],
    match: Match | None,
    fields: Sequence[SyncedField] = SYNCED_FIELDS,
) -> Plan:
    """What a drain plans for the claim, from the field ids of the create screen and the match."""
    desired = values.values_of(claim.desired.sources, claim.desired.backlink, fields)
    seen = None if claim.issue_id is None else untouched()
    return outbound_plan.plan(claim, desired, Screen(values.sendable(screen)), Owner(match), seen)


def untouched(**changed: Any) -> Issue:
    """The issue as a create of the claim has left it, but for what somebody changed in Jira."""
    sent = {
        each.field.id: each.sent for each in values.values_of(DESIRED.sources, DESIRED.backlink)
    }
    maya = {"accountId": MAYA.account_id}
    fields = {**sent, "assignee": maya, **changed}
    return issue_reading.issue({"id": "10100", "key": "PLAT-1", "fields": fields})
