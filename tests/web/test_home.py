"""An organization's home and its teams, as different people see them."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from app.extensions import db
from app.models import Phase, Plan, Retrospective, Team, User
from tests.support import factories
from tests.support.connected import Acme
from tests.support.people import Person

SignedIn = Callable[..., Person]
HOME = "/organizations/acme"


def test_home_shows_retrospectives_open_items_and_teams(signed_in: SignedIn) -> None:
    page = signed_in("admin@acme.test").get(HOME).page

    first, *shown = page.texts("h2")
    assert first == "First steps"
    assert shown[:3] == ["Recent retrospectives", "Open action items", "Teams"]
    assert "Sprint 14 Retro Platform Discuss 5 open" in page.text
    assert "All 5 action items" in page.text
    assert "Platform 4 people" in page.text


def test_the_oldest_due_date_comes_first_and_says_so(signed_in: SignedIn, acme_rows: None) -> None:
    page = signed_in("admin@acme.test").get(HOME).page

    first = page.text.index("Overdue thing")
    assert first < page.text.index("Add a canary stage")
    assert "Was due 2 Nov 2020" in page.text


@pytest.fixture
def acme_rows(app: Flask, sample: None) -> None:
    retrospective = db.session.query(Retrospective).one()
    factories.action_item(retrospective, "Overdue thing", due_on=date(2020, 11, 2))
    db.session.commit()


def test_a_sync_error_comes_before_everything(signed_in: SignedIn, acme: Acme) -> None:
    acme.commit_items()
    worst = acme.links[4]
    worst.state = worst.state.ERROR
    db.session.commit()

    page = signed_in("admin@acme.test").get(HOME).page

    titles = [item.title for item in acme.items]
    assert page.text.index(titles[4]) < page.text.index(titles[0])
    assert "Sync error" in page.text
    assert "1 failed. Review 1 failed" in page.text
    assert "/integrations/jira/sync-log?shown=failed" in page.html


def test_a_key_on_home_opens_its_issue(signed_in: SignedIn, acme: Acme) -> None:
    acme.commit_items()
    link = acme.links[0]
    link.state, link.issue_key, link.site_url = link.state.SYNCED, "PLAT-7", "https://acme.test"
    link.issue_id = "10007"
    db.session.commit()

    page = signed_in("admin@acme.test").get(HOME).page
    assert "https://acme.test/browse/PLAT-7" in page.values("href")


@pytest.mark.parametrize(
    ("email", "sees_jira"), [("owner@acme.test", True), ("facilitator@acme.test", False)]
)
def test_jira_in_one_line_is_for_owner_and_admins(
    signed_in: SignedIn, email: str, sees_jira: bool
) -> None:
    headings = signed_in(email).get(HOME).page.texts("h2")

    assert ("Jira" in headings) is sees_jira


def test_on_free_home_leads_to_the_plans(signed_in: SignedIn) -> None:
    page = signed_in("owner@tiny.test").get("/organizations/tiny").page

    assert "Pro and Enterprise" in page.text
    assert "See plans" in page.text
    assert "No teams yet." in page.text


def test_a_member_sees_only_the_teams_they_are_in(signed_in: SignedIn) -> None:
    maya = signed_in("member1@acme.test")

    assert "Mobile" not in maya.get(HOME).page.text


def test_another_organizations_home_is_not_found(signed_in: SignedIn) -> None:
    assert signed_in("admin@acme.test").get("/organizations/tiny").status_code == 404


def test_members_have_no_settings_in_the_navigation(signed_in: SignedIn) -> None:
    assert "Settings" not in signed_in("facilitator@acme.test").get(HOME).page.text
    assert "Settings" in signed_in("admin@acme.test").get(HOME).page.text


def test_a_team_shows_its_people_facilitators_first(signed_in: SignedIn) -> None:
    person = signed_in("member2@acme.test")
    address = person.get(HOME).page.html.split("/teams/")[1].split('"')[0]  # Mobile: by name

    page = person.get(f"{HOME}/teams/{address}").page

    assert page.texts("h1") == ["Mobile"]
    assert page.text.index("Adam Novak Facilitator") < page.text.rindex("Tom Becker")


def test_a_team_of_another_organization_is_not_found_under_ones_own(
    signed_in: SignedIn, app: Flask
) -> None:
    other = factories.team(factories.organization())
    db.session.commit()

    assert signed_in("admin@acme.test").get(f"{HOME}/teams/{other.id}").status_code == 404


def test_a_facilitator_starts_a_retrospective(signed_in: SignedIn) -> None:
    fatima = signed_in("facilitator@acme.test")
    fatima.get(f"{HOME}/retrospectives/new")
    form = {"team": str(_team_id("Platform")), "title": "Sprint 15", "held_on": "2026-12-03"}

    answer = fatima.post(f"{HOME}/retrospectives", form)

    started = db.session.query(Retrospective).filter_by(title="Sprint 15").one()
    assert answer.location == f"/retrospectives/{started.id}"
    assert (started.phase, started.held_on) == (Phase.DRAFT, date(2026, 12, 3))
    assert started.facilitator is not None
    assert started.facilitator.email == "facilitator@acme.test"


def test_a_retrospective_needs_a_title_and_a_date(signed_in: SignedIn) -> None:
    fatima = signed_in("facilitator@acme.test")

    form = {"team": str(_team_id("Platform")), "title": " ", "held_on": "soon"}
    answer = fatima.post(f"{HOME}/retrospectives", form)

    assert answer.status_code == 422
    assert "Enter a title." in answer.page.text
    assert "Enter the date as 2026-11-19." in answer.page.text


def test_a_facilitator_of_one_team_starts_none_in_another(signed_in: SignedIn) -> None:
    fatima = signed_in("facilitator@acme.test")

    form = {"team": str(_team_id("Mobile")), "title": "Not mine", "held_on": "2026-12-03"}
    answer = fatima.post(f"{HOME}/retrospectives", form)

    assert answer.status_code == 422
    assert db.session.query(Retrospective).filter_by(title="Not mine").count() == 0


def test_a_member_starts_none(signed_in: SignedIn) -> None:
    maya = signed_in("member1@acme.test")

    assert "New retrospective" not in maya.get(HOME).page.text
    assert maya.get(f"{HOME}/retrospectives/new").status_code == 403
    assert maya.post(f"{HOME}/retrospectives", {}).status_code == 403


def test_somebody_in_two_organizations_goes_from_one_to_the_other(
    signed_in: SignedIn, app: Flask
) -> None:
    second = factories.organization(name="Second", plan=Plan.FREE)
    factories.member(second, db.session.query(User).filter_by(email="admin@acme.test").one())
    db.session.commit()

    assert "Go to Second" in signed_in("admin@acme.test").get(HOME).page.text


@pytest.mark.both_databases
def test_home_reads_the_same_on_both_databases(signed_in: SignedIn) -> None:
    page = signed_in("admin@acme.test").get(HOME).page

    assert "Sprint 14 Retro Platform Discuss 5 open" in page.text


def _team_id(name: str) -> int:
    return db.session.query(Team).filter_by(name=name).one().id
