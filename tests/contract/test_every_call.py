"""Each call of the client, made once over real HTTP, as it goes when all is well."""

import inspect
import sys
from datetime import UTC, date, datetime, timedelta

from app.jira.client import JiraClient
from app.jira.oauth import SCOPES
from app.jira.types import IssueDraft
from app.services.webhooks import desired

PROPERTY = "unpack.action-item"


def draft(project: str = "10000", **fields: object) -> IssueDraft:
    wanted = {"project": {"id": project}, "issuetype": {"id": "10001"}, "summary": "Fix it"}
    return IssueDraft(wanted | fields, {PROPERTY: {"link": str(fields.get("summary"))}})


def test_consent_leads_to_tokens_and_sites(exchanges, jira, oauth):
    came_back = jira.control.consent(oauth.authorization_url("the-state"))
    code = came_back.partition("code=")[2]

    grant = oauth.exchange(code)
    labs, engineering = oauth.sites(oauth.refresh(grant.refresh_token).access_token)

    assert "state=the-state" in came_back
    assert grant.scopes == set(SCOPES)
    assert grant.expires_in == 3600
    assert (labs.name, engineering.name) == ("Acme Labs", "Acme Engineering")


def test_what_a_site_offers(exchanges, client):
    projects = client.projects()
    platform = next(project for project in projects if project.key == "PLAT")
    types = {each.name: each for each in client.issue_types(platform.id)}
    fields = {each.id: each for each in client.fields(platform.id, types["Task"].id)}

    assert len(projects) > 60
    assert len(client.projects(query="PLA")) < len(client.projects(action="create"))
    assert client.projects(query="no such project") == []
    assert types["Sub-task"].subtask
    assert types["Epic"].hierarchy_level == 1
    assert fields["summary"].required
    assert client.permissions(["CREATE_ISSUES"], project_id=platform.id) == {"CREATE_ISSUES": True}
    assert client.permissions(["BROWSE_PROJECTS"], project_key="PLAT")["BROWSE_PROJECTS"]


def test_an_archived_project_is_in_no_list(exchanges, client, jira):
    jira.control.archive_project("PLAT")

    assert "PLAT" not in {project.key for project in client.projects()}
    assert client.project("10000").archived
    assert not client.project("10001").archived


def test_who_is_there(exchanges, client):
    [maya] = client.assignable_people("PLAT", "member1@acme.test")
    [fatima] = client.people("facilitator@acme.test")

    assert client.myself().email == "unpack@acme.test"
    assert maya.email == "member1@acme.test"
    assert fatima.email is None
    assert client.assignable_people("PLAT", "member2@acme.test") == []


def test_what_a_field_may_be_filled_with(exchanges, client, jira):
    sprint_field = jira.control.add_field("sprint", "PLAT", type="Task")
    sprint = jira.control.create_sprint("PLAT", "Sprint 15")["id"]
    epic = jira.control.create_issue(
        "PLAT", "Follow through", type="Epic", customfield_10011="Follow through"
    )
    jira.control.create_issue("PLAT", "In the sprint", **{sprint_field: sprint})
    jira.control.catch_up()
    platform = next(each for each in client.projects() if each.key == "PLAT")

    assert [each.name for each in client.groups("site-admins")] == ["site-admins"]
    assert "Platform" in [each.name for each in client.suggestions(10001, "Pla")]
    assert [each.id for each in client.parents(platform.id, "follow", 1)] == [epic["id"]]
    assert client.parents(platform.id, epic["key"], 1)[0].name == f"{epic['key']} · Follow through"
    [active] = client.active_sprints(platform.id, sprint_field)
    assert (active.id, active.name, active.board_id) == (sprint, "Sprint 15", 1)


def test_the_statuses_that_issues_of_a_project_have(exchanges, client):
    platform = next(each for each in client.projects() if each.key == "PLAT")

    by_type = client.statuses(platform.id)

    assert by_type.keys() == {each.id for each in client.issue_types(platform.id)}
    categories = {status.category for each in by_type.values() for status in each}
    assert categories == {"new", "indeterminate", "done"}


def test_the_resolutions_of_a_site(exchanges, client):
    assert [each.name for each in client.resolutions()] == ["Done", "Won't Do"]


def test_an_issue_from_its_creation_to_its_end(exchanges, client):
    [maya] = client.people("Maya")
    wanted = draft(summary="First", assignee={"accountId": maya.account_id}, duedate="2026-12-01")

    created = client.create_issue(wanted)
    edited = client.edit_issue(created.id, {"summary": "Second", "assignee": None})
    done = next(each for each in client.transitions(created.id) if each.status_category == "done")
    client.transition(created.id, done.id)

    assert (edited.id, edited.key) == (created.id, created.key)
    names = ["summary", "assignee", "duedate", "status", "project", "updated", "created"]
    [issue] = client.bulk_fetch([created.id, "999999"], fields=names, properties=[PROPERTY])
    assert (issue.summary, issue.assignee_id, issue.due_date) == ("Second", None, date(2026, 12, 1))
    assert (issue.status_category, issue.project_key) == ("done", "PLAT")
    assert issue.properties == {PROPERTY: {"link": "First"}}
    assert abs(datetime.now(UTC) - issue.updated) < timedelta(minutes=1)


def test_what_may_be_edited_and_who_edited_it(exchanges, client, jira):
    issue = client.create_issue(draft(summary="First"))
    jira.control.edit_issue(issue.key, duedate="2026-12-01", summary="Second")
    jira.control.transition_issue(issue.key, "Done")
    jira.control.deny("SCHEDULE_ISSUES", project="PLAT")

    names = {field.id: field.name for field in client.editable_fields(issue.id)}
    [edited, done] = client.changes([issue.id, "999999"], ["summary", "status"])

    assert names["summary"] == "Summary"
    assert "duedate" not in names
    assert edited.name == done.name == "Olga Brandt"
    assert edited.field_ids == {"duedate", "summary"}
    assert abs(datetime.now(UTC) - done.at) < timedelta(minutes=1)


def test_changes_are_dated_in_either_form(exchanges, client, jira):
    issue = client.create_issue(draft(summary="First"))
    jira.control.edit_issue(issue.key, summary="Second")
    jira.control.set(changelog_dates="milliseconds")

    [edited] = client.changes([issue.id], ["summary"])

    assert abs(datetime.now(UTC) - edited.at) < timedelta(minutes=1)


def test_an_edit_tells_what_a_rule_made_of_it(exchanges, client, jira):
    issue = client.create_issue(draft(summary="First"))
    jira.control.automate("Definition of done")
    jira.control.set(local_ids=True)
    text = {"type": "text", "text": "Ours"}
    wanted = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [text]}]}

    edited = client.edit_issue(issue.id, {"description": wanted})

    ours, added = edited.fields["description"]["content"]
    assert ours["attrs"]["localId"]
    assert added["content"][0]["text"] == "Definition of done"


def test_many_issues_at_once_are_told_apart_by_their_property(exchanges, client):
    drafts = [draft(summary=f"Item {number}") for number in range(12)]
    drafts[4] = draft(summary="Item 4", project="1")

    outcome = client.create_issues(drafts)

    ids = [created.id for created in outcome.created]
    found = {each.properties[PROPERTY]["link"] for each in client.bulk_fetch(ids, (), [PROPERTY])}
    assert found == {f"Item {number}" for number in range(12) if number != 4}
    assert list(outcome.errors) == [4]


def test_issues_are_found_on_every_page(exchanges, client, jira):
    client.create_issues([draft(summary=f"Item {number}") for number in range(7)])
    jira.control.catch_up()
    account = client.myself().account_id

    jql = f'creator IN ("{account}") AND created >= -5m'
    found = client.search(jql, ["summary"], [PROPERTY], page_size=3)

    assert len({issue.properties[PROPERTY]["link"] for issue in found}) == 7
    assert all(issue.summary for issue in found)


def test_a_property_is_written_again(exchanges, client):
    issue = client.create_issue(draft(summary="One"))

    client.set_issue_property(issue.id, "unpack.test", {"sent": 1})
    client.set_issue_property(issue.id, "unpack.test", {"sent": 2})

    [found] = client.bulk_fetch([issue.id], properties=["unpack.test"])
    assert found.properties == {"unpack.test": {"sent": 2}}


def test_webhooks_come_and_go(exchanges, client):
    ours = desired.DesiredWebhook("https://unpack.test/webhooks/jira", ("MOB", "PLAT"))

    registered = client.register_webhook(
        ours.url,
        events=desired.EVENTS,
        jql=ours.jql,
        field_ids=desired.FIELD_IDS,
        property_keys=desired.PROPERTY_KEYS,
    )
    refused = client.register_webhook(ours.url, events=desired.EVENTS, jql="summary ~ x")
    [webhook] = client.webhooks()
    until = client.refresh_webhooks([webhook.id])
    client.delete_webhooks([webhook.id])

    assert (registered.id, registered.errors) == (webhook.id, ())
    assert refused.id is None
    assert refused.errors
    assert set(webhook.events) == set(desired.EVENTS)
    assert set(webhook.field_ids) == set(desired.FIELD_IDS)
    assert timedelta(days=29) < until - datetime.now(UTC) <= timedelta(days=30)
    assert client.webhooks() == []


def test_no_call_of_the_client_is_left_out():
    """A new method needs its place above: what is not made here is not held to the contract."""
    made = inspect.getsource(sys.modules[__name__])
    methods = [name for name, _ in inspect.getmembers(JiraClient, inspect.isfunction)]
    public = {name for name in methods if not name.startswith("_")}

    left_out = {name for name in public if f"client.{name}(" not in made}
    assert left_out == {"close", "projects_page"}
