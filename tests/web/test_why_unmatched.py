"""Why an owner is not assigned: three causes, three remedies, said alike wherever it is said."""

import pytest

from app.extensions import db
from app.models import AssigneeNote
from app.services.people import members
from tests.support.acme import person
from tests.support.atlassian import JIRA
from tests.support.pages import text_of

TOMS, MAYA = "Rotate the on-call schedule", "5c2e4f1a9d3b7a0e6c8d1f25"


def nobody(acme) -> str:
    return "Tom’s e-mail matches nobody active in Jira"


def inactive(acme) -> str:
    person("Tom").email = "inactive@acme.test"
    return "Tom’s e-mail matches nobody active in Jira"


def not_assignable(acme) -> str:
    person("Tom").email = "ada@acme.test"
    acme.jira.control.deny("ASSIGNABLE_USER", "PLAT")
    return "Tom has a Jira account that is inactive or could not be assigned issues where we looked"


def not_searchable(acme) -> str:
    acme.connection.account_name = "Unpack Service"
    acme.jira.control.deny("USER_PICKER")
    return "Unpack Service may not look for Tom in Jira"


CAUSES = [
    (nobody, AssigneeNote.NOT_FOUND, "Match Tom in People"),
    (inactive, AssigneeNote.NOT_FOUND, "Match Tom in People"),
    (not_assignable, AssigneeNote.EXCLUDED, "sk a Jira admin to let Tom be assigned there"),
    (not_searchable, AssigneeNote.NOT_SEARCHABLE, "permission Browse users and groups"),
]
each_cause = pytest.mark.parametrize(("arrange", "note", "remedy"), CAUSES)


def words(answer) -> str:
    return " ".join(answer.page.text.split())


def of_tom(answer, element: str) -> str:
    """What a list or a table says of Tom's action item."""
    rows = [text_of(each) for each in answer.page.all(element)]
    return next(each for each in rows if TOMS in each)


def look_up(acme, work) -> None:
    db.session.commit()
    members.look_again(acme.connection)
    work()


@each_cause
def test_panel_and_log_say_why_and_what_helps(acme, admin, drain, arrange, note, remedy):
    fact = arrange(acme)
    acme.commit_items()
    drain()

    panel = of_tom(admin.get(f"/retrospectives/{acme.retrospective.id}"), "li")
    log = of_tom(admin.get(f"{JIRA}/sync-log"), "li")

    for said in (panel, log):
        assert f"{fact}, so PLAT-" in said
        assert remedy in said
    assert note in {link.assignee_note for link in acme.links}


@each_cause
def test_the_preview_says_why_and_who_can_help(acme, admin, work, arrange, note, remedy):
    fact = arrange(acme)
    look_up(acme, work)

    said = words(admin.get(f"/retrospectives/{acme.retrospective.id}/commit"))

    unless = ", unless PLAT takes Tom by then" if note is AssigneeNote.EXCLUDED else ""
    assert f"{fact}. The issue is created without an assignee{unless}. Ask a" in said


@each_cause
def test_people_says_why_and_what_helps(acme, admin, work, arrange, note, remedy):
    fact = arrange(acme)
    look_up(acme, work)

    row = next(
        text_of(each)
        for each in admin.get(f"{JIRA}/people").page.all("tr")
        if "Tom Becker" in text_of(each)
    )

    assert f"{fact}. " in row
    assert remedy.replace("Match Tom in People", "Pick Tom’s Jira account.") in row
    assert "Look again" in row


def test_nothing_is_said_of_a_project_that_was_not_asked(acme, admin, work):
    not_assignable(acme)
    look_up(acme, work)
    acme.map_to("MOB")

    said = words(admin.get(f"/retrospectives/{acme.retrospective.id}/commit"))

    assert "Mobile Apps" in said
    assert "could not be assigned issues where we looked. " in said
    assert "in the project" not in said
    assert "without an assignee, unless MOB takes Tom by then." in said


def test_a_permission_that_is_there_again_assigns_the_issue(acme, drain, work):
    person("Tom").email = "ada@acme.test"
    acme.jira.control.deny("ASSIGNABLE_USER", "PLAT")
    acme.commit_items()
    drain()
    acme.jira.control.deny("ASSIGNABLE_USER", "PLAT", on=False)

    look_up(acme, work)

    link = next(each for each in acme.links if each.action_item.title.startswith(TOMS))
    assert link.assignee_note is None
    assert acme.jira.control.issue(link.issue_key)["fields"]["assignee"]
