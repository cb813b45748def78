"""Disconnected in the middle of work, and connected again: nothing that was begun is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, LinkState
from app.services.backfill import past_items
from app.services.connection import connect, disconnect
from app.services.connection.consent import Granted, Site
from app.services.grants import tokens
from app.services.outbound import links
from tests.support.connected import Acme
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS | {"SYNC_PROBE_DELAYS": "15,30"})


@pytest.fixture
def comes_back(acme) -> Callable[[], None]:
    """Disconnects, and connects the same site again."""

    def run() -> None:
        person = acme.retrospective.facilitator
        farewell = disconnect.begin(acme.organization, person)
        db.session.commit()
        disconnect.finish(farewell)
        db.session.commit()
        reconnect(acme)

    return run


@pytest.fixture
def edits_and_disconnects(acme) -> Callable[[ActionItem], None]:
    """Edits an action item once more, and disconnects."""

    def run(item: ActionItem) -> None:
        edit(item, "Edited meanwhile")
        disconnect.begin(acme.organization, acme.retrospective.facilitator)

    return run


@pytest.fixture
def gave_up(acme, drain) -> Callable[[ActionItem], None]:
    """Edits an action item while Jira is down, until its tries are used up."""

    def run(item: ActionItem) -> None:
        acme.jira.control.set(down=True)
        edit(item, "Edited before")
        for _ in range(4):
            drain()
        acme.jira.control.set(down=False)
        assert links.active_link(item).state is LinkState.ERROR

    return run


def edit(item: ActionItem, title: str) -> None:
    item.title = title
    links.item_edited(item)
    db.session.commit()


def reconnect(acme: Acme) -> None:
    """Connects the same site again."""
    connect.settle(acme.organization, acme.retrospective.facilitator, granted(acme))
    db.session.commit()


def granted(acme: Acme, site: Site | None = None) -> Granted:
    row, answer = acme.connection, acme.jira.control.issue_tokens()
    return Granted(
        access_token=tokens.encrypt(answer["access_token"]),
        refresh_token=tokens.encrypt(answer["refresh_token"]),
        access_expires_at=utcnow() + timedelta(hours=1),
        account_id=row.account_id,
        account_name="Unpack",
        sites=(site or Site(row.cloud_id, row.site_name, row.site_url),),
    )


def test_an_edit_that_was_cut_off_goes_out(acme, drain, comes_back):
    acme.commit_items()
    drain()
    item = acme.items[0]
    edit(item, "Edited before")

    comes_back()
    drain()

    link = links.active_link(item)
    assert acme.jira.control.issue(link.issue_key)["fields"]["summary"] == "Edited before"
    assert {link.state for link in acme.links} == {LinkState.SYNCED}


@pytest.mark.both_databases
@pytest.mark.parametrize("fault", [None, "error"])
def test_what_is_edited_while_its_request_outlasts_the_disconnect_goes_out(
    acme, drain, beside_a_drain, edits_and_disconnects, fault
):
    """Found by the simulator, seed 1088253298."""
    acme.commit_items()
    drain()
    item = acme.items[0]
    edit(item, "Edited before")
    if fault:
        acme.jira.control.fault(fault, "edit", times=1)

    beside_a_drain("edit", lambda: edits_and_disconnects(item))
    assert links.active_link(item).state.moving
    reconnect(acme)
    drain()

    link = links.active_link(item)
    assert acme.jira.control.issue(link.issue_key)["fields"]["summary"] == "Edited meanwhile"
    assert link.state is LinkState.SYNCED


def test_an_edit_that_gave_up_goes_out(acme, drain, comes_back, gave_up):
    """The disconnect forgets the outage, and the page says that it goes out by itself."""
    acme.commit_items()
    drain()
    gave_up(acme.items[0])

    comes_back()
    with time_machine.travel(utcnow() + timedelta(minutes=2)):
        drain()

    link = links.active_link(acme.items[0])
    assert acme.jira.control.issue(link.issue_key)["fields"]["summary"] == "Edited before"
    assert link.state is LinkState.SYNCED


def test_an_edit_that_gave_up_goes_out_once_its_site_is_back(acme, drain, gave_up):
    """Found by the simulator, seed 394: another site was connected, which forgot the outage."""
    acme.commit_items()
    drain()
    gave_up(acme.items[0])
    here, person = granted(acme), acme.retrospective.facilitator
    for each in (granted(acme, Site("another", "Another", "http://another.example")), here):
        assert connect.settle(acme.organization, person, each) is None
        connect.choose_site(acme.organization, person, each.sites[0])
        db.session.commit()

    with time_machine.travel(utcnow() + timedelta(minutes=2)):
        drain()

    link = links.active_link(acme.items[0])
    assert acme.jira.control.issue(link.issue_key)["fields"]["summary"] == "Edited before"
    assert link.state is LinkState.SYNCED


@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
def test_a_create_without_an_answer_is_settled(acme, drain, comes_back, fault):
    acme.jira.control.fault(fault, "create", times=1)
    acme.commit_items()
    drain()
    assert [link.stamped for link in acme.links].count(True) == 1

    comes_back()
    for minutes in (1, 2):
        with time_machine.travel(utcnow() + timedelta(minutes=minutes)):
            drain()

    assert {link.state for link in acme.links} == {LinkState.SYNCED}
    assert len(acme.issues()) == 5


@pytest.mark.both_databases
def test_what_never_left_waits_for_a_person_to_ask_again(acme, drain, comes_back):
    acme.retrospective.committed_at = utcnow()
    acme.commit_items()

    comes_back()
    drain()

    assert (acme.links, acme.issues()) == ([], [])
    assert past_items.ready_count(acme.organization) == 5
    links.request_sync(acme.items[0])
    db.session.commit()
    drain()
    assert len(acme.issues()) == 1


def test_what_gave_up_before_it_left_waits_for_a_person_too(acme, drain, comes_back, gave_up):
    acme.retrospective.committed_at = utcnow()
    acme.commit_items()
    gave_up(acme.items[0])

    comes_back()
    drain()

    assert (acme.links, acme.issues()) == ([], [])
    assert past_items.ready_count(acme.organization) == 5


def test_a_site_that_was_renamed_meanwhile_takes_its_keys_along(acme, drain, comes_back):
    acme.commit_items()
    drain()
    link, now = acme.links[0], acme.connection.site_url
    link.site_url = "http://old.example"
    before = granted(acme)
    acme.connection.site_url = "http://old.example"
    db.session.commit()

    connect.settle(acme.organization, acme.retrospective.facilitator, before)
    db.session.commit()
    db.session.expire_all()

    assert link.browse_url == f"{now}/browse/{link.issue_key}"
