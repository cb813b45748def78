"""The Sync Log of what the engine really did: refused by Jira, mended, retried."""

import pytest

from app.models import LinkState
from tests.support.people import Person
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)

LOG = "/organizations/acme/settings/integrations/jira/sync-log"


@pytest.fixture
def refused(acme, drain, signed_in) -> Person:
    """An admin of Acme, whose five items Jira has refused for good."""
    acme.jira.control.deny("CREATE_ISSUES", "PLAT")
    acme.commit_items()
    drain()
    return signed_in("admin@acme.test")


def test_what_jira_refused_is_told_with_every_try(acme, refused):
    text = refused.get(LOG).page.text

    assert "Sync Log 5 failed" in text
    assert "Permission denied, 5 action items Jira said: “" in text
    assert "4 tries" in text
    assert "Retry 3 of 3: refused with" in text
    assert "trace" in text


def test_retry_all_creates_each_issue_once_and_the_same_entries_are_synced(acme, refused, drain):
    before = refused.get(f"{LOG}?shown=failed").page
    acme.jira.control.deny("CREATE_ISSUES", "PLAT", on=False)

    refused.post(f"{LOG}/retries")
    refused.post(f"{LOG}/retries")
    drain()

    after = refused.get(f"{LOG}?shown=synced").page
    ids = [
        {each.get("id") for each in page.all("li") if each.get("id", "").startswith("entry-")}
        for page in (before, after)
    ]
    assert ids[0] == ids[1]
    assert len(acme.issues()) == 5
    assert {link.state for link in acme.links} == {LinkState.SYNCED}
    assert "Retry all failed" not in after.text
    assert "Retry 4: created, answered with 201" in after.text
