"""Names of organizations and teams, and teams that hold no retrospectives any more."""

import pytest

from app.extensions import db
from app.models import Phase, Retrospective
from app.services.organizations import team_archive, teams
from app.services.organizations.team_archive import TeamArchived
from tests.support.acme import (
    acme,
    connect_and_choose,
    items,
    link,
    links_of,
    person,
    sprint_14,
    team,
)

HOME = "/organizations/acme"
SETTINGS = f"{HOME}/settings"
STARTS = {"title": "Sprint 15 Retro", "held_on": "2030-01-02"}

pytestmark = pytest.mark.usefixtures("sample")


def settings_of(name: str = "Platform") -> str:
    return f"{SETTINGS}/teams/{team(name).id}"


def history(admin) -> str:
    return admin.get(f"{SETTINGS}/history").page.text


@pytest.mark.both_databases
def test_an_organization_gets_another_name_and_keeps_its_address(admin):
    answer = admin.post(f"{SETTINGS}/general", {"name": "  Acme   Works "}, follow_redirects=True)

    assert "What Acme Works is called," in answer.page.text
    assert acme().name == "Acme Works"
    assert "Name of the organization Acme to Acme Works" in history(admin)


@pytest.mark.parametrize(("name", "words"), [("  ", "Enter a name."), ("x" * 121, "at most 120")])
def test_a_name_that_cannot_be_is_said_at_the_field(admin, name, words):
    answer = admin.post(f"{SETTINGS}/general", {"name": name})

    assert answer.status_code == 422
    assert words in answer.page.text
    assert acme().name == "Acme"


def test_the_same_name_is_no_change(admin):
    admin.post(f"{SETTINGS}/general", {"name": "Acme"})

    assert "Name of the organization" not in history(admin)


def test_the_page_before_says_what_stays(admin):
    connect_and_choose()
    sprint_14(Phase.COMMIT)

    words = admin.get(f"{settings_of()}/archive").page.text

    assert "Platform starts no more retrospectives and leaves the home page." in words
    assert "1 retrospective is open and can be finished." in words
    assert "5 open action items stay" in words
    assert "Its project in Jira stays PLAT, and issues follow as before." in words


@pytest.mark.both_databases
def test_an_archived_team_starts_no_retrospectives(admin):
    admin.post(f"{settings_of()}/archive")

    form = admin.get(f"{HOME}/retrospectives/new?team={team().id}")
    tried = admin.post(f"{HOME}/retrospectives", STARTS | {"team": team().id})

    assert form.page.texts("option") == ["Mobile"]
    assert tried.status_code == 422
    assert db.session.query(Retrospective).filter_by(title="Sprint 15 Retro").count() == 0


@pytest.mark.both_databases
def test_who_had_the_form_open_is_refused_as_well(sample, app):
    """The team was read before it was archived."""
    own = team()
    team_archive.archive(own, person("Adam"))

    with pytest.raises(TeamArchived):
        teams.start_retrospective(own, title="Late", held_on=sprint_14().held_on, by=person("Adam"))


def test_it_leaves_the_home_page_and_says_so_on_its_own(admin):
    admin.post(f"{settings_of()}/archive")

    home, own = admin.get(HOME), admin.get(f"{HOME}/teams/{team().id}")

    addresses = [each.get("href") for each in home.page.all("a")]
    assert f"{HOME}/teams/{team().id}" not in addresses
    assert f"{HOME}/teams/{team('Mobile').id}" in addresses
    assert "No retrospectives are started. What is open goes on." in own.page.text
    assert "New retrospective" not in own.page.text
    assert "archived on" in admin.get(f"{SETTINGS}/teams").page.text


def test_its_retrospective_goes_on_and_so_do_its_issues(admin, signed_in):
    connect_and_choose()
    sprint_14(Phase.COMMIT)
    first = items()[0]
    link(first, snapshot={})
    admin.post(f"{settings_of()}/archive")
    facilitator = signed_in("facilitator@acme.test")

    facilitator.post(f"/action-items/{first.id}", {"title": "Another title"})
    moved = facilitator.post(
        f"/retrospectives/{sprint_14(Phase.COMMIT).id}/phase", {"shown": "commit", "to": "closed"}
    )

    assert moved.status_code == 303
    assert links_of(first)[0].due_at is not None


def test_a_team_comes_back(admin):
    admin.post(f"{settings_of()}/archive")

    answer = admin.post(f"{settings_of()}/archive/removal", follow_redirects=True)

    assert "Platform is back." in answer.page.text
    assert team().archived_at is None
    started = admin.post(f"{HOME}/retrospectives", STARTS | {"team": team().id})
    assert started.status_code == 303
    assert "Platform Archived to Active" in history(admin)


def test_archiving_twice_is_one_change(admin):
    for _ in range(2):
        admin.post(f"{settings_of()}/archive")

    assert history(admin).count("Platform Active to Archived") == 1


def test_nobody_is_invited_into_an_archived_team(admin):
    admin.post(f"{settings_of()}/archive")

    offered = admin.get(f"{SETTINGS}/members").page.by_id("team")

    assert [option.text for option in offered.iter("option")] == ["No team yet", "Mobile"]
