"""The retrospective's page, its phases, and the page before Commit."""

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import CheckState, ConnectionState, JiraPerson, LinkState, MatchState, Phase
from tests.support.acme import (
    choose_project,
    connect,
    connect_and_choose,
    items,
    link,
    links_of,
    make_free,
    person,
    sprint_14,
)
from tests.support.people import Person

FACILITATOR = "facilitator@acme.test"


@pytest.fixture
def facilitator(signed_in) -> Person:
    return signed_in(FACILITATOR)


def move(person: Person, shown: str, to: str, **how):
    page = f"/retrospectives/{sprint_14(Phase(shown)).id}"
    return person.post(f"{page}/phase", {"shown": shown, "to": to}, **how)


def phase() -> Phase:
    db.session.expire_all()
    return items()[0].retrospective.phase


def test_the_page_shows_where_the_retrospective_stands(facilitator):
    answer = facilitator.get(f"/retrospectives/{sprint_14().id}")

    current = [li for li in answer.page.all("li") if li.get("aria-current") == "step"]
    assert ["".join(li.itertext()).strip() for li in current] == ["Discuss"]
    assert "facilitated by Fatima Said" in answer.page.text
    assert "Back to Vote" in answer.page.text
    assert "Continue to Commit" in answer.page.text


def test_members_see_the_phases_without_controls(signed_in):
    answer = signed_in("member1@acme.test").get(f"/retrospectives/{sprint_14().id}")

    assert answer.status_code == 200
    assert "Back to Vote" not in answer.page.text
    assert "Continue to Commit" not in answer.page.text


def test_members_cannot_move_phases(signed_in):
    answer = move(signed_in("member1@acme.test"), "discuss", "vote")

    assert answer.status_code == 403
    assert phase() is Phase.DISCUSS


@pytest.mark.parametrize("who", [FACILITATOR, "admin@acme.test", "owner@acme.test"])
def test_facilitators_and_admins_move_phases(signed_in, who):
    answer = move(signed_in(who), "discuss", "vote")

    assert answer.status_code == 303
    assert phase() is Phase.VOTE


def test_htmx_loads_the_page_anew_after_a_move(facilitator):
    answer = move(facilitator, "discuss", "vote", htmx=True)

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/retrospectives/")
    assert phase() is Phase.VOTE


def test_phases_cannot_be_skipped(facilitator):
    answer = move(facilitator, "discuss", "closed")

    assert answer.status_code == 409
    assert "one phase at a time" in answer.page.text
    assert phase() is Phase.DISCUSS


def test_a_phase_that_does_not_exist_is_refused(facilitator):
    assert move(facilitator, "discuss", "party").status_code == 400


def test_somebody_who_moved_first_is_told_of(facilitator):
    retrospective = sprint_14(Phase.COMMIT)
    page = f"/retrospectives/{retrospective.id}"

    answer = facilitator.post(
        f"{page}/phase", {"shown": "discuss", "to": "commit"}, follow_redirects=True
    )

    assert "Somebody already moved this retrospective to Commit." in answer.page.text
    assert phase() is Phase.COMMIT


def test_entering_commit_makes_every_action_item_due(facilitator, queued):
    connect_and_choose()

    move(facilitator, "discuss", "commit")

    assert [[row.state for row in links_of(item)] for item in items()] == [[LinkState.WAITING]] * 5
    assert [job.func_name for job in queued()] == ["jobs.sync_connection.run"]


def test_entering_commit_again_opens_no_second_link(facilitator):
    connect_and_choose()

    move(facilitator, "discuss", "commit")
    move(facilitator, "commit", "discuss")
    move(facilitator, "discuss", "commit")

    assert [len(links_of(item)) for item in items()] == [1] * 5


def test_commit_without_jira_is_just_a_phase(facilitator, queued):
    move(facilitator, "discuss", "commit")

    assert phase() is Phase.COMMIT
    assert [links_of(item) for item in items()] == [[]] * 5
    assert queued() == []


def test_a_free_organization_commits_without_jira(facilitator):
    connect_and_choose()
    make_free()

    move(facilitator, "discuss", "commit")

    assert [links_of(item) for item in items()] == [[]] * 5


def test_before_discuss_there_is_nothing_to_add_to(facilitator):
    retrospective = sprint_14(Phase.VOTE)
    for item in retrospective.action_items:
        db.session.delete(item)

    answer = facilitator.get(f"/retrospectives/{retrospective.id}")

    assert "They are written from Discuss on." in answer.page.text
    assert "Add action item" not in answer.page.text


def test_the_preview_says_what_will_be_created(facilitator):
    connect_and_choose()

    answer = facilitator.get(f"/retrospectives/{sprint_14().id}/commit")

    assert "5 action items become 5 Tasks in PLAT · Platform Engineering" in answer.page.text
    assert "Commit 5 action items" in answer.page.texts("button")


@pytest.mark.parametrize(
    ("match", "words"),
    [
        (MatchState.NONE, "Tom’s e-mail matches nobody active in Jira."),
        (MatchState.SEVERAL, "Tom’s e-mail matches several people in Jira."),
        (MatchState.DIFFERENT, "shows another e-mail"),
        (MatchState.HIDDEN, "Jira hides Tom’s e-mail."),
    ],
)
def test_the_preview_says_who_will_be_missing(facilitator, match, words):
    connection = connect_and_choose()
    db.session.add(JiraPerson(connection_id=connection.id, user=person("Tom"), state=match))

    answer = facilitator.get(f"/retrospectives/{sprint_14().id}/commit")

    assert words in answer.page.text
    assert "1 has a note. It can be committed as it is." in answer.page.text
    assert ("No match for Tom" in answer.page.text) is (match is not MatchState.HIDDEN)


def test_the_preview_leaves_out_what_has_an_issue(facilitator):
    connect_and_choose()
    link(items()[0])

    answer = facilitator.get(f"/retrospectives/{sprint_14().id}/commit")

    assert "4 action items become 4 Tasks" in answer.page.text
    assert "Already PLAT-142" in answer.page.text


def test_the_preview_warns_of_a_failed_check(signed_in):
    connect()
    choose_project().check_state = CheckState.BLOCKED

    answer = signed_in("admin@acme.test").get(f"/retrospectives/{sprint_14().id}/commit")

    assert "Jira will probably refuse these." in answer.page.text
    assert "See the check" in answer.page.texts("a")


def test_the_preview_without_a_project_sends_members_to_an_admin(facilitator):
    connect()

    answer = facilitator.get(f"/retrospectives/{sprint_14().id}/commit")

    assert "No Jira project is chosen for Platform." in answer.page.text
    assert "Ask an admin." in answer.page.text
    assert "Choose a project" not in answer.page.texts("a")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ConnectionState.NEEDS_RECONNECT, "Atlassian no longer accepts Unpack’s access to"),
        (ConnectionState.MISCONFIGURED, "This Unpack installation is set up wrongly"),
    ],
)
def test_the_preview_says_why_items_wait(facilitator, state, words):
    connect_and_choose().state = state

    page = facilitator.get(f"/retrospectives/{sprint_14().id}/commit").page

    assert f"{words} " in page.text or f"{words}," in page.text
    assert "The action items wait" in page.text


def test_there_is_no_preview_where_nothing_goes_to_jira(facilitator):
    retrospective = sprint_14()

    assert facilitator.get(f"/retrospectives/{retrospective.id}/commit").status_code == 303


def test_items_written_since_the_page_was_drawn_are_previewed(facilitator):
    connect_and_choose()
    retrospective = sprint_14()
    page = f"/retrospectives/{retrospective.id}"
    for item in retrospective.action_items:
        item.deleted_at = utcnow()
    db.session.commit()
    forms = facilitator.get(page).page.all("form")
    fields = [
        {field.get("name"): field.get("value") for field in form.iter("input")} for form in forms
    ]
    (forward,) = [field for field in fields if field.get("to") == "commit"]
    facilitator.post(f"{page}/action-items", {"title": "Pin the base images"})

    answer = facilitator.post(f"{page}/phase", forward)

    assert answer.location == f"{page}/commit"
    assert sprint_14().phase is Phase.DISCUSS


def test_members_do_not_see_the_preview(signed_in):
    connect_and_choose()
    answer = signed_in("member1@acme.test").get(f"/retrospectives/{sprint_14().id}/commit")

    assert answer.status_code == 403
