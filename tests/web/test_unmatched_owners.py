"""What an owner without a match means, on the People page and on the action item."""

import pytest

from app.extensions import db
from app.models import AuditEvent, JiraSettings
from app.services.connection import disconnect
from tests.support.acme import person
from tests.support.atlassian import JIRA, LABS, cloud_id, connect
from tests.support.pages import text_of
from tests.support.people import Person

pytestmark = pytest.mark.usefixtures("acme")

PEOPLE = f"{JIRA}/people"
UNMATCHED = f"{PEOPLE}/unmatched-owners"
SAM = {"query": "sam", "account": "5e1c7d2f4a6b8c0d2e4f6a31"}


def settings() -> JiraSettings:
    db.session.expire_all()
    return db.session.query(JiraSettings).one()


def ticked(answer) -> str:
    """Which meaning the page shows."""
    (radio,) = [
        each
        for each in answer.page.all("input")
        if each.get("name") == "meaning" and each.get("checked") is not None
    ]
    return radio.get("value")


def said_of_tom(admin: Person, acme) -> str:
    """What the panel says of the item that belongs to somebody Jira does not know."""
    answer = admin.get(f"/retrospectives/{acme.retrospective.id}")
    (row,) = [
        each for each in answer.page.all("li") if "Rotate the on-call" in "".join(each.itertext())
    ]
    return text_of(row)


def assignees(acme) -> list[str | None]:
    return [issue["fields"].get("assignee") for issue in acme.issues()]


def test_an_issue_is_left_unassigned_unless_somebody_is_chosen(admin):
    assert ticked(admin.get(PEOPLE)) == "nobody"


@pytest.mark.parametrize("htmx", [False, True])
def test_assigning_to_a_person_leads_to_the_search_for_one(admin, htmx):
    answer = admin.post(UNMATCHED, {"meaning": "person"}, htmx=htmx)

    assert answer.status_code == 303
    assert answer.location.endswith(f"{UNMATCHED}/account")
    assert "Who gets an issue when nobody matches" in admin.get(answer.location).page.text


@pytest.mark.parametrize("htmx", [False, True])
def test_the_search_offers_accounts_that_can_be_assigned(admin, htmx):
    answer = admin.get(f"{UNMATCHED}/account?query=maya", htmx=htmx)

    assert "Maya Lindqvist member1@acme.test" in answer.page.text
    assert bool(answer.page.all("title")) is not htmx


@pytest.mark.parametrize("htmx", [False, True])
def test_a_choice_leads_back_to_people(admin, htmx):
    answer = admin.post(f"{UNMATCHED}/account", SAM, htmx=htmx)

    assert answer.status_code == 303
    page = admin.get(answer.location)
    assert "issues whose owner is not matched go to Sam Rivera" in page.page.text


def test_the_chosen_person_gets_the_issue_and_the_item_says_so(admin, acme, drain):
    admin.post(f"{UNMATCHED}/account", SAM)
    acme.commit_items()
    drain()

    page = admin.get(PEOPLE)
    assert ticked(page) == "person"
    assert "Assign it to Sam Rivera" in page.page.text
    assert assignees(acme).count(SAM["account"]) == 1
    said = said_of_tom(admin, acme)
    assert "Other assignee in Jira" in said
    assert "Tom’s e-mail matches nobody active in Jira, so PLAT-" in said
    assert "is assigned to Sam Rivera instead. Match Tom in People" in said
    assert "create, with another assignee" in admin.get(f"{JIRA}/sync-log").page.text


def test_the_preview_of_commit_says_who_gets_the_issue(admin, acme, work):
    admin.post(f"{UNMATCHED}/account", SAM)
    admin.post(f"{PEOPLE}/look-ups")
    work()

    said = admin.get(f"/retrospectives/{acme.retrospective.id}/commit").page.text

    assert "Tom’s e-mail matches nobody active in Jira. The issue is assigned to Sam Rivera" in said


def test_an_item_without_owner_stays_unassigned(admin, acme, drain):
    admin.post(f"{UNMATCHED}/account", SAM)
    for item in acme.items:
        item.assignee = None
    acme.commit_items()
    drain()

    assert set(assignees(acme)) == {None}


def test_a_chosen_person_who_cannot_be_assigned_leaves_the_issue_unassigned(admin, acme, drain):
    admin.post(f"{UNMATCHED}/account", SAM)
    acme.jira.control.deny("ASSIGNABLE_USER", "PLAT", account=SAM["account"])
    acme.commit_items()
    drain()

    assert len(acme.issues()) == 5
    assert SAM["account"] not in assignees(acme)
    said = said_of_tom(admin, acme)
    assert "No assignee in Jira" in said
    assert "the person chosen for such issues could not be assigned in this project" in said


def test_choosing_anew_changes_nothing_in_issues_that_are_there(admin, acme, drain):
    acme.commit_items()
    drain()
    acme.jira.control.clear_requests()

    admin.post(f"{UNMATCHED}/account", SAM)
    acme.jira.control.clear_requests()
    drain()

    assert acme.jira.control.requests() == []
    assert SAM["account"] not in assignees(acme)


@pytest.mark.parametrize("htmx", [False, True])
def test_leaving_it_unassigned_again_forgets_the_person(admin, htmx):
    admin.post(f"{UNMATCHED}/account", SAM)
    admin.post(UNMATCHED, {"meaning": "nobody"}, htmx=htmx)

    assert settings().unmatched_account_id is None
    assert settings().unmatched_account_name == ""
    assert ticked(admin.get(PEOPLE)) == "nobody"


def test_a_form_without_a_meaning_changes_nothing(admin):
    admin.post(f"{UNMATCHED}/account", SAM)

    answer = admin.post(UNMATCHED, {})

    assert answer.status_code == 400
    assert "so nothing was changed" in answer.page.text
    assert settings().unmatched_account_id == SAM["account"]


def test_who_changed_it_is_recorded_without_a_name(admin):
    admin.post(f"{UNMATCHED}/account", SAM)
    admin.post(f"{UNMATCHED}/account", SAM)
    admin.post(UNMATCHED, {"meaning": "nobody"})

    events = db.session.query(AuditEvent).filter_by(action="jira.unmatched-owners-changed").all()
    account = SAM["account"]
    assert [each.details for each in events] == [
        {"before": None, "after": account},
        {"before": account, "after": None},
    ]
    assert {each.user_id for each in events} == {person("Adam").id}


@pytest.mark.parametrize("htmx", [False, True])
def test_an_account_that_the_search_does_not_show_is_refused(admin, htmx):
    form = {"query": "maya", "account": SAM["account"]}

    answer = admin.post(f"{UNMATCHED}/account", form, htmx=htmx)

    assert answer.status_code == 422
    assert "Choose one of the accounts." in answer.page.text
    assert ticked(admin.get(PEOPLE)) == "nobody"


def test_while_jira_is_down_nobody_is_chosen(admin, acme):
    acme.jira.control.set(down=True)

    answer = admin.post(f"{UNMATCHED}/account", SAM)

    assert answer.status_code == 422
    assert "The search did not work. Jira did not answer." in answer.page.text


def test_disconnecting_forgets_the_person(admin, acme):
    admin.post(f"{UNMATCHED}/account", SAM)

    farewell = disconnect.begin(acme.organization, person("Adam"))
    disconnect.finish(farewell)
    db.session.commit()

    assert settings().unmatched_account_id is None
    assert settings().unmatched_account_name == ""


def test_another_site_forgets_the_person_and_a_reconnect_does_not(admin, acme):
    admin.post(f"{UNMATCHED}/account", SAM)
    connect(admin, acme.jira)
    assert settings().unmatched_account_id == SAM["account"]

    connect(admin, acme.jira, (LABS,))
    labs = {"site": cloud_id(acme.jira, LABS), "confirmed": "yes"}
    admin.post(f"{JIRA}/site", labs)

    assert settings().unmatched_account_id is None
