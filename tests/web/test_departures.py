"""Somebody is removed, or leaves: what is theirs, and who takes it over."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import ActionItem, AuditEvent, Mail, Membership, Role, Team, TeamMember
from app.services.departures import leaving
from app.services.departures.leaving import Choices, NotToBeChosen
from app.services.organizations import memberships
from tests.support import factories
from tests.support.acme import acme, facilitators, items, membership, person, team
from tests.support.at_once import at_once
from tests.support.pages import text_of
from tests.support.people import Person

SignedIn = Callable[..., Person]
Work = Callable[[], object]
ADMIN, OWNER = "admin@acme.test", "owner@acme.test"
FATIMA, MAYA, TOM = "facilitator@acme.test", "member1@acme.test", "member2@acme.test"
HOME, DEPARTURE = "/organizations/acme", "/organizations/acme/departure"


def removal(name: str) -> str:
    return f"{HOME}/settings/members/{membership(name).id}/removal"


def owners() -> dict[str, str]:
    """Whose each item is, by the first words of its title."""
    db.session.expire_all()
    return {item.title[:6]: item.assignee.name if item.assignee else "" for item in items()}


def options(browser: Person, address: str, select_name: str) -> list[str]:
    page = browser.get(address).page
    [found] = [each for each in page.all("select") if each.get("name") == select_name]
    return [text_of(each) for each in found.iter("option")]


def mails_to(email: str) -> list[Mail]:
    db.session.expire_all()
    return [mail for mail in db.session.query(Mail) if mail.user and mail.user.email == email]


def test_the_page_says_what_is_theirs_in_each_team(signed_in: SignedIn) -> None:
    page = signed_in(ADMIN).get(removal("Fatima")).page

    assert "Platform Nobody else facilitates it. From now on does" in page.text
    assert "Hand 1 open action item to" in page.text
    assert "Write a runbook for Redis failover" in page.text
    assert "Mobile" not in page.text


def test_what_is_completed_or_deleted_is_not_offered(signed_in: SignedIn) -> None:
    for item in items():
        item.completed_at = item.created_at
    assert "No open action item is theirs." in signed_in(ADMIN).get(removal("Maya")).page.text


@pytest.mark.both_databases
def test_open_items_go_to_who_was_chosen(signed_in: SignedIn, work: Work) -> None:
    admin, address, tom = signed_in(ADMIN), removal("Maya"), person("Tom").id
    field = f"items-{team().id}"
    assert options(admin, address, field) == [
        "Nobody: they stay with Maya Lindqvist",
        "Adam Novak",
        "Fatima Said",
        "Tom Becker",
    ]

    answer = admin.post(address, {field: str(tom)})
    work()

    assert answer.location == f"{HOME}/settings/members"
    assert owners() == {
        "Add a ": "Tom Becker",
        "Rotate": "Tom Becker",
        "Write ": "Fatima Said",
        "Agree ": "",
        "Move f": "Tom Becker",
    }
    [mail] = mails_to(TOM)
    assert mail.subject == "Acme: 2 action items of yours from now on"
    assert "Move flaky checkout tests to quarantine" in (mail.text or "")


def test_what_nobody_was_chosen_for_stays(signed_in: SignedIn, work: Work) -> None:
    before = owners()
    signed_in(ADMIN).post(removal("Maya"), {f"items-{team().id}": ""})
    work()

    assert owners() == before
    assert db.session.query(Mail).count() == 0


def test_a_team_gets_another_facilitator(signed_in: SignedIn) -> None:
    admin, address = signed_in(ADMIN), removal("Fatima")

    admin.post(address, {f"facilitator-{team().id}": str(person("Tom").id)})

    assert facilitators() == ["Tom Becker"]


def test_what_is_left_in_many_teams_is_asked_for_as_often_as_in_one(
    signed_in: SignedIn, asked: list[str]
) -> None:
    admin, address = signed_in(ADMIN), removal("Fatima")

    def count() -> int:
        admin.get(address)
        asked.clear()
        admin.get(address)
        return len(asked)

    before = count()
    for _ in range(4):
        more = factories.team(acme())
        factories.team_member(more, person("Fatima"), facilitator=True)
        for _ in range(3):
            factories.team_member(more, factories.member(acme()))
        factories.action_item(factories.retrospective(more), assignee=person("Fatima"))

    assert count() == before


@pytest.mark.parametrize("field", ["items", "facilitator"])
@pytest.mark.parametrize("who", ["owner@tiny.test", OWNER, FATIMA, "none"])
def test_nobody_is_chosen_who_is_not_in_the_team(signed_in: SignedIn, field: str, who: str) -> None:
    before = owners()
    ids = {each.user.email: each.user_id for each in db.session.query(Membership)} | {"none": "x"}
    answer = signed_in(ADMIN).post(removal("Fatima"), {f"{field}-{team().id}": str(ids[who])})

    assert answer.status_code == 422
    assert "Choose somebody of the list" in answer.page.text
    assert membership("Fatima").role is Role.MEMBER
    assert (owners(), facilitators()) == (before, ["Fatima Said"])


def test_items_of_another_organization_stay_what_they_are(signed_in: SignedIn) -> None:
    other = factories.organization()
    factories.member(other, person("Maya"))
    retrospective = factories.retrospective(factories.team(other))
    item_id = factories.action_item(retrospective, assignee=person("Maya")).id

    signed_in(ADMIN).post(removal("Maya"), {f"items-{team().id}": str(person("Tom").id)})

    assert db.session.get_one(ActionItem, item_id).assignee == person("Maya")


def test_handing_over_is_recorded_by_ids(signed_in: SignedIn) -> None:
    signed_in(ADMIN).post(removal("Maya"), {f"items-{team().id}": str(person("Tom").id)})

    events = {event.action: event.details for event in db.session.query(AuditEvent)}
    assert events["items-handed-over"] == {
        "member": person("Maya").id,
        "to": person("Tom").id,
        "items": [item.id for item in items() if item.title[:4] in {"Add ", "Move"}],
    }
    assert events["member-removed"] == {"member": person("Maya").id, "before": "member"}
    page = signed_in(ADMIN).get(f"{HOME}/settings/history").page
    assert "Owner of 2 open action items" in page.text


@pytest.mark.both_databases
def test_who_leaves_has_no_access_and_admins_are_told_what_stays(
    signed_in: SignedIn, work: Work
) -> None:
    fatima = signed_in(FATIMA)
    page = fatima.get(DEPARTURE).page
    assert page.texts("h1") == ["Leave Acme?"]
    assert "Owner and Admins are told, and choose somebody." in page.text

    answer = fatima.post(DEPARTURE)
    work()

    assert answer.location == "/"
    assert "You are no longer in Acme." in fatima.get("/", follow_redirects=True).page.text
    assert fatima.get(HOME).status_code == 404
    for email in (ADMIN, OWNER):
        [mail] = mails_to(email)
        assert mail.subject == "Fatima Said has left Acme"
        assert "1 open action item stays with them" in (mail.text or "")
        assert "Nobody facilitates Platform any more." in (mail.text or "")


def test_who_leads_a_team_hands_their_items_over_before_they_leave(
    signed_in: SignedIn,
) -> None:
    signed_in(FATIMA).post(DEPARTURE, {f"items-{team().id}": str(person("Tom").id)})

    assert owners()["Write "] == "Tom Becker"


@pytest.mark.parametrize("field", ["items", "facilitator"])
def test_who_leaves_chooses_nothing_that_they_may_not(signed_in: SignedIn, field: str) -> None:
    tom, platform = signed_in(TOM), team().id
    assert "1 open action item stays with you." in tom.get(DEPARTURE).page.text

    answer = tom.post(DEPARTURE, {f"{field}-{platform}": str(person("Maya").id)})

    assert answer.status_code == 422
    assert tom.get(HOME).status_code == 200


@pytest.mark.environment(UNPACK_DEMO="0")
def test_where_no_e_mail_is_sent_none_is_promised(signed_in: SignedIn) -> None:
    text = signed_in(FATIMA).get(DEPARTURE).page.text

    assert "Owner and Admins choose somebody." in text
    assert "Owner and Admins see that you left." in text
    assert "e-mail" not in text


def test_the_owner_stays(signed_in: SignedIn) -> None:
    owner = signed_in(OWNER)

    assert "You are its Owner. Hand it to somebody" in owner.get("/account").page.text
    assert owner.get(DEPARTURE).status_code == 403
    assert owner.post(DEPARTURE).status_code == 403


def test_the_account_says_in_what_one_is(signed_in: SignedIn) -> None:
    page = signed_in(FATIMA).get("/account").page

    assert "· facilitates Platform Leave… Acme" in page.text
    assert DEPARTURE in page.values("href")


def test_an_e_mail_is_not_sent_about_who_is_back(signed_in: SignedIn, work: Work) -> None:
    signed_in(TOM).post(DEPARTURE)
    memberships.add_member(acme(), person("Tom"), Role.MEMBER, None)
    work()

    assert mails_to(ADMIN) == []


def test_who_declined_is_told_nothing(signed_in: SignedIn, work: Work) -> None:
    signed_in(ADMIN).post("/account", {"name": "Adam", "zone": "", "appearance": "system"})
    signed_in(TOM).post(DEPARTURE)
    work()

    assert (len(mails_to(ADMIN)), len(mails_to(OWNER))) == (0, 1)


@pytest.mark.both_databases
def test_who_leaves_at_the_same_time_gets_nothing(app: Flask, sample: None) -> None:
    ids = [membership(name).id for name in ("Maya", "Tom")]
    platform, maya, tom = team().id, person("Maya").id, person("Tom").id
    choices = [Choices(heirs={platform: tom}), Choices(heirs={platform: maya})]
    db.session.commit()

    def go(number: int) -> str:
        with app.app_context():
            try:
                leaving.remove(db.session.get_one(Membership, ids[number]), None, choices[number])
                db.session.commit()
            except leaving.NotToBeChosen:
                db.session.rollback()
                return "refused"
            return "gone"

    assert sorted(at_once(lambda: go(0), lambda: go(1))) == ["gone", "refused"]
    inside = select(TeamMember.user_id).join(Team).where(Team.id == platform)
    owners_now = set(db.session.scalars(select(ActionItem.assignee_id)))
    assert owners_now - {None} <= set(db.session.scalars(inside))


def test_what_can_be_nobodys_id_is_nobodys_choice(signed_in: SignedIn) -> None:
    admin, address = signed_in(ADMIN), removal("Fatima")

    answer = admin.post(address, {f"items-{team().id}": "9" * 5000})

    assert answer.status_code == 422
    assert NotToBeChosen.sentence in answer.page.text
    assert admin.post(address, {f"items-{'9' * 5000}": "1"}).status_code == 303
