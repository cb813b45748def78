"""Renaming and deleting a retrospective: what goes with it, and what stays in Jira."""

import pytest

from app.extensions import db
from app.models import ActionItem, IssueLink, LinkState, Phase, Retrospective
from app.models.deleted_retrospective import DeletedRetrospective
from app.services.errors import AlreadyDeleted
from app.services.panel import retrospective_changes
from app.services.retrospectives import action_items, phases
from app.services.retrospectives.action_items import ActionItemFields, ActionItemsNotYet
from tests.support.acme import connect_and_choose, items, link, links_of, person, sprint_14, team

FACILITATOR, MEMBER = "facilitator@acme.test", "member1@acme.test"
HISTORY = "/organizations/acme/settings/history"

pytestmark = pytest.mark.usefixtures("sample")


@pytest.fixture
def facilitator(signed_in):
    return signed_in(FACILITATOR)


def page(phase: Phase = Phase.DISCUSS) -> str:
    return f"/retrospectives/{sprint_14(phase).id}"


@pytest.mark.both_databases
def test_a_facilitator_gives_it_another_title(facilitator, admin):
    answer = facilitator.post(f"{page()}/title", {"title": " Sprint  14b "}, follow_redirects=True)

    assert answer.page.texts("h1") == ["Sprint 14b"]
    said = admin.get(HISTORY).page.text
    assert "Title of a retrospective Sprint 14 Retro to Sprint 14b" in said


@pytest.mark.parametrize(("title", "words"), [(" ", "Enter a title."), ("x" * 201, "at most 200")])
def test_a_title_that_cannot_be_is_said_at_the_field(facilitator, title, words):
    answer = facilitator.post(f"{page()}/title", {"title": title})

    assert answer.status_code == 422
    assert words in answer.page.text


def test_the_same_title_is_no_change(facilitator, admin):
    facilitator.post(f"{page()}/title", {"title": "Sprint 14 Retro"})

    assert "Title of a retrospective" not in admin.get(HISTORY).page.text


def test_a_member_has_no_menu_and_is_refused(signed_in):
    member, own = signed_in(MEMBER), page()

    assert "Rename…" not in member.get(own).page.text
    assert member.post(f"{own}/title", {"title": "Mine"}).status_code == 403
    assert member.post(f"{own}/deletion").status_code == 403


def test_the_page_before_says_what_becomes_of_items_and_issues(facilitator):
    connect_and_choose()
    first, second, third, *_ = items()
    link(first)
    link(second, LinkState.WAITING, key=None)
    link(third, LinkState.DELETED, key="PLAT-143")

    words = facilitator.get(f"{page()}/deletion").page.text

    assert "is deleted from Unpack for all of Platform, with 5 action items." in words
    assert "1 issue stays in Jira as it is. Unpack sends no more changes there." in words


@pytest.mark.both_databases
def test_it_goes_with_its_action_items_and_nothing_more_is_sent(facilitator, admin, app):
    connect_and_choose()
    own, first = page(Phase.COMMIT), items()[0]
    link(first, due_at=first.created_at)
    answer = facilitator.post(f"{own}/deletion", follow_redirects=True)

    assert "Sprint 14 Retro is deleted." in answer.page.text
    assert facilitator.get(own).status_code == 404
    assert facilitator.get(f"{own}/panel", htmx=True).status_code == 404
    assert facilitator.get(f"/action-items/{first.id}").status_code == 404
    assert own not in facilitator.get("/organizations/acme").page.values("href")
    assert own not in facilitator.get(f"/organizations/acme/teams/{team().id}").page.values("href")
    [kept] = links_of(first)
    assert (kept.active, kept.due_at, kept.issue_key) == (True, None, "PLAT-142")
    assert "With 5 action items; 1 issue stayed in Jira" in admin.get(HISTORY).page.text


def test_a_create_whose_outcome_is_unknown_is_still_looked_up(facilitator):
    connect_and_choose()
    own, first = page(Phase.COMMIT), items()[0]
    row = link(first, LinkState.WAITING, key=None, due_at=first.created_at)
    row.stamped_at = first.created_at

    facilitator.post(f"{own}/deletion")

    assert links_of(first)[0].due_at is not None


@pytest.mark.both_databases
def test_whoever_waited_for_it_adds_nothing_any_more(app, sample):
    """Both hold its row: who comes second finds it where no action items are written."""
    retrospective = sprint_14()
    retrospective_changes.delete(retrospective, person("Fatima"))

    with pytest.raises(ActionItemsNotYet):
        action_items.add(retrospective, ActionItemFields("Too late"), person("Maya"))
    with pytest.raises(phases.PhaseAlreadyMoved):
        phases.move_phase(retrospective, shown=Phase.DISCUSS, to=Phase.COMMIT)
    assert db.session.get_one(DeletedRetrospective, retrospective.id).phase is Phase.DISCUSS


def test_pressed_twice_it_is_gone_once(facilitator, admin):
    own = page()

    answers = [facilitator.post(f"{own}/deletion").status_code for _ in range(2)]

    assert answers == [303, 404]
    assert db.session.query(DeletedRetrospective).count() == 1


def test_two_who_press_at_once_delete_it_once(sample, app):
    retrospective = sprint_14()
    retrospective_changes.delete(retrospective, person("Fatima"))

    with pytest.raises(AlreadyDeleted):
        retrospective_changes.delete(retrospective, person("Adam"))


def test_others_of_the_team_stay(facilitator):
    before = db.session.query(Retrospective).count()
    facilitator.post(f"{page()}/deletion")

    assert db.session.query(Retrospective).count() == before
    assert db.session.query(DeletedRetrospective).count() == 1
    assert db.session.query(IssueLink).count() == 0
    assert {item.deleted_by_id for item in db.session.query(ActionItem)} >= {person("Fatima").id}
