"""What is stored of a person: as a file, and deleted with the account."""

import json

import pytest
from sqlalchemy import text

from app.clock import utcnow
from app.extensions import db
from app.models import (
    AuditEvent,
    Invitation,
    JiraPerson,
    Mail,
    MailKind,
    MatchState,
    Membership,
    ProviderIdentity,
    User,
)
from app.services import audit
from app.services.departures import personal_data
from app.services.organizations import one_time_links
from app.services.owed import mails
from tests.support import factories
from tests.support.acme import acme, connect_and_choose, items, person, sprint_14, team
from tests.support.matches import match
from tests.support.people import PASSWORD

MAYA, OWNER = "member1@acme.test", "owner@acme.test"
DELETION = "/account/deletion"
HISTORY = "/organizations/acme/settings/history"
SECRETS = ("hash", "token", "scrypt")
# Where rows point at people, and which part of the file tells of it; "" where it tells nothing.
TOLD_IN = {
    "action_item.assignee_id": "action_items",
    "action_item.completed_by_id": "action_items",
    "action_item.created_by_id": "action_items",
    "action_item.deleted_by_id": "action_items",
    "action_item.dropped_by_id": "action_items",
    "audit_event.user_id": "changes",
    "backfill.started_by_id": "jira_connections",
    "backfill.stopped_by_id": "jira_connections",
    "calendar_mail.user_id": "digests_and_reminders",
    "carry_over.carried_by_id": "carried_over",
    "declined_mail.user_id": "declined_mails",
    "deleted_retrospective.deleted_by_id": "changes",
    "email_change.user_id": "changes_of_address",
    "finishing.user_id": "issues_being_created",
    "invitation.invited_by_id": "invitations",
    "item_change.user_id": "changes_of_action_items",
    "jira_connection.connected_by_id": "jira_connections",
    "jira_connection.disconnected_by_id": "jira_connections",
    "jira_person.picked_by_id": "jira_accounts",
    "jira_person.user_id": "jira_accounts",
    "jira_settings.saved_by_id": "jira_connections",
    "mail.user_id": "mails",
    "membership.user_id": "organizations",
    "one_time_link.user_id": "",  # a hash
    "owed_status.owed_by_id": "owed_statuses",
    "pending_grant.user_id": "jira_connections",
    "provider_identity.user_id": "identities",
    "retrospective.facilitator_id": "retrospectives",
    "suspension.by_id": "jira_connections",
    "team_member.user_id": "teams",
    "user_session.user_id": "sessions",
    "wanted_mail.user_id": "wanted_mails",
}

pytestmark = pytest.mark.usefixtures("sample")


@pytest.fixture
def maya(signed_in):
    return signed_in(MAYA)


def delete(somebody, password: str = PASSWORD, **how):
    somebody.get(DELETION)
    return somebody.post(DELETION, {"own_password": password}, **how)


def everything() -> str:
    """Each column of each row, as text."""
    tables = db.metadata.sorted_tables
    return "\n".join(str(row) for each in tables for row in db.session.execute(each.select()))


def test_the_file_tells_of_all_that_points_at_a_person(app):
    pointing = {
        f"{column.table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if any(key.target_fullname == "user_account.id" for key in column.foreign_keys)
    }

    assert pointing == set(TOLD_IN)
    assert set(TOLD_IN.values()) - {""} <= set(personal_data.of(person("Maya")))


@pytest.mark.both_databases
def test_a_person_downloads_what_is_stored_of_them(maya):
    connect_and_choose()
    match(person("Maya"), MatchState.MATCHED)
    audit.record(acme(), person("Adam"), "member-added", member=person("Maya").id, role="member")
    factories.action_item(sprint_14(), "Mine", created_by=person("Maya"), description="My words")

    answer = maya.get("/account/data.json")
    kept = json.loads(answer.get_data())

    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="unpack-')
    assert (kept["account"]["email"], kept["account"]["name"]) == (MAYA, "Maya Lindqvist")
    assert [each["organization"] for each in kept["organizations"]] == ["Acme"]
    assert {"organization": "Acme", "team": "Platform", "facilitator": False} in kept["teams"]
    assert len(kept["sessions"]) == 1
    assert len(kept["jira_accounts"]) == 1
    assert kept["changes"][0]["action"] == "member-added"
    mine = {each["title"]: each for each in kept["action_items"]}
    assert mine["Mine"]["description"] == "My words"
    assert mine[items()[0].title]["you_are"][0] == "assignee"


def test_who_was_removed_reads_no_more_than_what_they_did(maya):
    connect_and_choose()
    match(person("Maya"), MatchState.MATCHED)
    match(person("Adam"), MatchState.MATCHED, account_name="Adam in Jira")
    db.session.query(JiraPerson).update({"picked_by_id": person("Maya").id})
    wrote = factories.action_item(sprint_14(), "Of then", created_by=person("Maya"))
    assigned = factories.action_item(sprint_14(), "Of others", assignee=person("Maya"))
    sprint_14().facilitator = person("Maya")
    number, there = sprint_14().id, {"team_id": team().id, "retrospective_id": sprint_14().id}
    db.session.commit()
    db.session.delete(person("Maya").memberships[0])
    wrote.title, wrote.description = "Edited since", "Confidential"
    db.session.commit()

    text_of_file = maya.get("/account/data.json").get_data(as_text=True)
    kept = json.loads(text_of_file)

    told = {each["id"]: each for each in kept["action_items"]}
    created = {"created_at": wrote.created_at.isoformat()}
    assert told[wrote.id] == {"id": wrote.id, "you_are": ["created_by"]} | there | created
    assert told[assigned.id] == {"id": assigned.id, "you_are": ["assignee"]} | there
    assert {"id": number, "team_id": there["team_id"]} in kept["retrospectives"]
    shown = ("Edited since", "Confidential", "Of others", "Sprint 14", "Adam in Jira")
    assert [words for words in shown if words in text_of_file] == []
    named = ["account_name" in each for each in kept["jira_accounts"]]
    assert sorted(named) == [False, True], "one's own, and the one picked for somebody"


def test_the_file_is_not_made_again_and_again(maya):
    answers = [maya.get("/account/data.json").status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]


def test_the_file_holds_no_secret_and_nobody_elses_address(maya):
    factories.invitation(acme(), person("Maya"), "somebody@else.test")

    text_of_file = maya.get("/account/data.json").get_data(as_text=True)

    assert "somebody@else.test" not in text_of_file
    assert [word for word in SECRETS if word in text_of_file] == []


@pytest.mark.both_databases
def test_an_account_is_deleted_and_nothing_of_the_person_is_left(maya):
    connect_and_choose()
    number = person("Maya").id
    match(person("Maya"), MatchState.MATCHED)
    one_time_links.for_password(person("Maya"))
    tied = {"issuer": "https://sso.test", "subject": "maya-at-the-provider"}
    db.session.add(ProviderIdentity(user=person("Maya"), **tied))
    mails.owe(MailKind.PASSWORD_LINK, MAYA, [])
    invitation = factories.invitation(acme(), person("Adam"), "old@acme.test")
    invitation.email, invitation.accepted_at = MAYA, utcnow()
    changed = {"before": None, "after": "maya-in-jira"}
    audit.record(acme(), person("Adam"), "jira.account-changed", member=number, **changed)

    answer = delete(maya, follow_redirects=True)

    assert "Your account is deleted." in answer.page.text
    assert maya.get("/account").status_code == 303
    db.session.expire_all()
    left = everything()
    assert [
        word for word in (MAYA, "Lindqvist", "maya-in-jira", "maya-at-the") if word in left
    ] == []
    assert db.session.query(Membership).filter_by(user_id=number).count() == 0
    assert db.session.query(JiraPerson).filter_by(user_id=number).count() == 0
    assert db.session.get_one(User, number).name == "A former member"


def test_what_is_shared_stays_as_a_former_members(maya, admin):
    first, title = items()[0], items()[0].title
    sprint_14()
    assert first.assignee == person("Maya")

    delete(maya)

    page = admin.get(f"/retrospectives/{first.retrospective_id}").page.text
    assert title in page
    assert "A former member" in page
    said = admin.get(HISTORY).page.text
    assert "Account deleted: A former member" in said
    assert "Role of A former member Member to Not a member" in said


def test_the_deleted_one_signs_in_no_more_and_the_address_is_free(maya, client):
    delete(maya)

    answer = client.post("/sign-in", {"email": MAYA, "password": PASSWORD})

    assert answer.status_code == 422
    assert factories.user(MAYA, "Another Maya").email == MAYA


def test_the_deleted_one_is_out_in_every_browser(maya, client):
    client.sign_in(MAYA)
    assert client.get("/account").status_code == 200
    delete(maya)

    assert [person.get("/account").status_code for person in (maya, client)] == [303, 303]


@pytest.mark.parametrize(("password", "words"), [("", "Enter your"), ("wrong", "not your current")])
def test_it_asks_for_the_password(maya, password, words):
    answer = delete(maya, password)

    assert answer.status_code == 422
    assert words in answer.page.text
    assert person("Maya").email == MAYA


def test_guesses_are_counted(maya):
    for _ in range(7):
        answer = delete(maya, "wrong")

    assert answer.status_code == 429
    assert delete(maya).status_code == 429
    assert person("Maya").email == MAYA


@pytest.mark.both_databases
def test_an_owner_is_refused_and_told_the_way_out(signed_in):
    owner = signed_in(OWNER)

    shown, tried = owner.get(DELETION), delete(owner)

    assert "The Owner of Acme cannot be deleted." in shown.page.text
    assert "Members of Acme" in shown.page.texts("a")
    assert "Delete my account" not in shown.page.texts("button")
    assert tried.status_code == 409
    assert db.session.query(User).filter_by(email=OWNER).count() == 1


@pytest.mark.both_databases
def test_the_operator_exports_and_deletes(app, admin):
    def run(*arguments: str):
        db.session.commit()
        return app.test_cli_runner().invoke(args=["users", *arguments])

    exported = run("export", MAYA)
    refused, asked = run("delete", OWNER, "--yes"), run("delete", MAYA)
    deleted = run("delete", MAYA, "--yes")

    assert json.loads(exported.output)["account"]["email"] == MAYA
    assert "The Owner of Acme cannot be deleted." in refused.output
    assert asked.exit_code != 0
    assert "is deleted" in deleted.output
    db.session.expire_all()
    assert MAYA not in everything()
    said = admin.get(HISTORY).page.text
    assert "The operator Exported what is stored of A former member" in said
    assert "The operator Account deleted: A former member" in said


def test_open_invitations_of_the_address_go_as_well(maya):
    """To another organization, say."""
    tiny = db.session.scalars(text("SELECT id FROM organization WHERE slug = 'tiny'")).one()
    row = factories.invitation(acme(), person("Adam"), "old@acme.test")
    row.email, row.organization_id = MAYA, tiny
    one_time_links.for_invitation(row)

    delete(maya)

    assert db.session.query(Invitation).filter_by(email=MAYA).count() == 0
    assert db.session.query(Mail).filter_by(address=MAYA).count() == 0
    assert db.session.query(AuditEvent).filter_by(action="account-deleted").count() == 1
    assert team().name == "Platform"
