"""The comparison that ends a storm sees what could be wrong. Runs in every test run."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from app.jira import adf
from app.models import ActionItem, IssueLink
from demo.jira_cloud.catalog.accounts import by_email
from tests.chaos.organizations import ASSIGNEE, differences

ITEM = ActionItem(
    title="Cut CI time", description="Ten minutes", due_on=date(2026, 12, 4), assignee_id=1
)
LINK = IssueLink(public_id="ours", issue_id="10001", issue_key="PLAT-1", action_item=ITEM)
ISSUE: dict[str, Any] = {
    "id": "10001",
    "key": "PLAT-1",
    "properties": {"unpack.action-item": {"link": "ours"}},
    "fields": {
        "summary": "Cut CI time",
        "description": adf.document("Ten minutes"),
        "duedate": "2026-12-04",
        "assignee": by_email(ASSIGNEE).id,
    },
}


def changed(**fields: Any) -> dict[str, Any]:
    issue = deepcopy(ISSUE)
    issue["fields"] |= fields
    return issue


def test_what_is_equal_does_not_differ():
    assert differences([ISSUE], [LINK]) == []


@pytest.mark.parametrize(
    "issues",
    [
        [],
        [ISSUE, ISSUE | {"id": "10002"}],
        [ISSUE | {"id": "10002"}],
        [ISSUE, changed() | {"properties": {"unpack.action-item": {"link": "nobody's"}}}],
        [changed(summary="Another")],
        [changed(description=adf.document("Twenty minutes"))],
        [changed(duedate=None)],
        [changed(assignee=None)],
    ],
    ids=["lost", "twice", "another", "nobody's", "title", "description", "due date", "assignee"],
)
def test_whatever_is_wrong_is_said(issues):
    assert len(differences(issues, [LINK])) == 1
