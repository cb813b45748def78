"""What has arrived is not sent again, whatever somebody wrote."""

from dataclasses import replace
from datetime import date

import pytest

from app.extensions import db
from app.jira import adf
from app.models import ActionItem, LinkState, Phase, Retrospective
from app.services.outbound import links
from tests.support.adf_corpus import CORPUS
from tests.support.claims import CLAIM, SCREEN, plan, written

pytestmark = pytest.mark.environment(SYNC_EDIT_DELAYS="0,0")

# Jira lets 50 edits of a site through at once and tells when a fifth of them is left; then updates
# wait a minute. Of a part, none comes so far, however fast the machine is.
PARTS = 2

CREATED = replace(CLAIM, desired=written(assignee=None))


@pytest.mark.parametrize("words", [words for _, words in CORPUS], ids=[name for name, _ in CORPUS])
def test_after_an_edit_nothing_differs(words):
    snapshot = plan(CREATED, SCREEN, None).snapshot
    desired = written(assignee=None, description=words)
    existing = replace(CREATED, issue_id="10001", snapshot=snapshot, desired=desired)

    edited = plan(existing, SCREEN, None)
    again = plan(replace(existing, snapshot=edited.snapshot), SCREEN, None)

    assert set(edited.fields) == {"description"}
    assert again.nothing


@pytest.mark.parametrize("part", range(PARTS))
def test_jira_takes_every_description_and_is_not_told_twice(acme, drain, part):
    written = [words for _, words in CORPUS if _storable(words)][part::PARTS]
    retrospective = Retrospective(
        team=acme.retrospective.team, title="Corpus", phase=Phase.COMMIT, held_on=date(2026, 11, 24)
    )
    items = [ActionItem(title=f"Case {at}") for at in range(len(written))]
    retrospective.action_items = items
    db.session.add(retrospective)
    db.session.flush()
    links.commit_action_items(retrospective)
    db.session.commit()
    drain()
    for item, words in zip(items, written, strict=True):
        item.description = words
    _mark_all_due(items)
    drain()
    assert acme.jira.control.requests("edit")
    assert acme.connection.near_limit_until is None
    _mark_all_due(items)
    acme.jira.control.clear_requests()

    drain()

    assert acme.jira.control.requests() == []
    assert {link.state for link in acme.links} == {LinkState.SYNCED}
    held = {each["key"]: adf.digest(each["fields"]["description"]) for each in acme.issues()}
    assert {link.issue_key: link.snapshot["description"] for link in acme.links} == held


def _mark_all_due(items: list[ActionItem]) -> None:
    for item in items:
        links.item_edited(item)
    db.session.commit()


def _storable(words: str) -> bool:
    """No database takes half a character, and PostgreSQL no NUL; forms let neither in."""
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in words
