"""Which controls an action item has, for whom, and in which state."""

from dataclasses import replace

import pytest

from app.clock import utcnow
from app.models import ActionItem, ConnectionState, IssueLink, JiraConnection, Retrospective
from app.services.panel.advice import Place
from app.services.panel.circumstances import Circumstances
from app.services.panel.item_states import ItemState, Offer
from app.services.panel.panels import Row
from app.services.panel.row_offers import Rights, RowOffers, offers_of
from app.services.panel.shown_issues import IssueKey

ALL = Rights(complete=True, edit=True, sync=True, delete=True)
URL = "https://acme-eng.atlassian.net/browse/PLAT-1"
KEY = IssueKey("PLAT-1", URL)
THERE = ItemState("synced", key=KEY)
AROUND = Circumstances(
    connection=JiraConnection(state=ConnectionState.CONNECTED),
    plan_includes_jira=True,
    committed=True,
    mapped=True,
    place=Place(),
)


def row(state: ItemState, *, created: bool = True) -> Row:
    item = ActionItem(id=1, title="Cut CI time", retrospective=Retrospective())
    return Row(item, IssueLink(issue_id="1" if created else None), state)


def test_an_issue_that_is_there_can_be_opened_synced_and_unlinked():
    assert offers_of(row(THERE), AROUND, ALL) == RowOffers(
        complete=True, edit=True, sync=True, unlink=True, delete=True, open_url=URL,
        issue_stays=True,
    )  # fmt: skip


def test_who_may_nothing_may_still_open_the_issue():
    offers = offers_of(row(THERE), AROUND, Rights())

    assert offers == RowOffers(open_url=URL, issue_stays=True)
    assert offers.menu


@pytest.mark.parametrize(
    ("state", "around"),
    [
        (replace(THERE, pushable=False), AROUND),
        (THERE, replace(AROUND, mapped=False)),
        (THERE, replace(AROUND, plan_includes_jira=False)),
        (THERE, replace(AROUND, connection=None)),
    ],
)
def test_a_sync_that_leads_nowhere_is_not_offered(state, around):
    assert not offers_of(row(state), around, ALL).sync


@pytest.mark.parametrize("offer", [Offer.SYNC, Offer.RENEWAL])
def test_what_stands_beside_the_chip_is_for_who_may_sync(offer):
    state = ItemState("idle", offer=offer)

    assert offers_of(row(state), AROUND, ALL).beside is offer
    assert offers_of(row(state), AROUND, replace(ALL, sync=False)).beside is None


def test_an_issue_that_is_gone_is_neither_opened_nor_left_behind():
    gone = replace(THERE, key=replace(KEY, gone=True))

    offers = offers_of(row(gone), AROUND, ALL)

    assert (offers.open_url, offers.issue_stays, offers.unlink) == ("", False, True)


def test_without_an_issue_nothing_is_unlinked_or_left_behind():
    offers = offers_of(row(ItemState("waiting"), created=False), AROUND, ALL)

    assert (offers.open_url, offers.issue_stays, offers.unlink) == ("", False, False)


def test_there_is_no_menu_for_nothing():
    assert not offers_of(row(ItemState(), created=False), AROUND, Rights()).menu


def test_of_what_was_dropped_its_issue_is_unlinked_wherever_that_is():
    gone = row(replace(THERE, key=None, pushable=False))
    gone.item.dropped_at = utcnow()

    offers = offers_of(gone, AROUND, ALL)

    assert (offers.unlink, offers.edit, offers.link, offers.menu) == (True, False, False, True)
