"""History: who changed what, and when, as an admin reads and downloads it."""

import csv
import io
from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import AuditEvent, LinkState, Organization
from app.services import audit
from app.services.history import change_pages
from tests.support import factories
from tests.support.acme import acme, connect_and_choose, items, link, person, sprint_14, team
from tests.support.pages import text_of
from tests.support.people import PASSWORD, Person
from tests.support.sync_entries import failed

SETTINGS = "/organizations/acme/settings"
HISTORY = f"{SETTINGS}/history"

pytestmark = pytest.mark.usefixtures("sample")


def lines(admin: Person, asked: str = "") -> list[str]:
    """The table's lines as a person reads them, without when."""
    answer = admin.get(f"{HISTORY}{asked}")
    cells = [
        [read_aloud(cell) for cell in row if cell.tag == "td"] for row in answer.page.all("tr")
    ]
    return [" | ".join(filter(None, row[1:])) for row in cells if row]


def read_aloud(cell: Element) -> str:
    """Without initials and icons."""
    for parent in list(cell.iter()):
        for child in [each for each in parent if each.get("aria-hidden") == "true"]:
            tail = child.tail
            child.clear()
            child.tail = tail
    return text_of(cell)


def table(admin: Person, asked: str = "") -> list[dict[str, str]]:
    text = admin.get(f"{HISTORY}/changes.csv{asked}").get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def note(action: str, by: str | None = "Adam", days_ago: int = 0, **details: object) -> None:
    user = person(by) if by else None
    at = utcnow() - timedelta(days=days_ago)
    audit.record(acme(), user, action, at=at, **details)


def test_it_is_empty_at_first(admin):
    assert "Nothing has been changed yet." in admin.get(HISTORY).page.text


@pytest.mark.both_databases
def test_a_role_is_there_with_what_it_was(admin):
    maya = person("Maya").memberships[0]
    admin.post(f"{SETTINGS}/members/{maya.id}/role", {"role": "admin"})
    admin.post(f"{SETTINGS}/members/{maya.id}/role", {"role": "member"})

    assert lines(admin) == [
        "Adam Novak | Role of Maya Lindqvist Admin to Member",
        "Adam Novak | Role of Maya Lindqvist Member to Admin",
    ]


def test_what_somebody_is_in_a_team_is_there_with_what_they_were(admin):
    page, maya = f"{SETTINGS}/teams/{team('Mobile').id}", person("Maya")
    admin.post(f"{page}/members", {"user": maya.id})
    row = next(row for row in team("Mobile").team_members if row.user_id == maya.id)
    for facilitates in ("yes", "yes", "no"):
        admin.post(f"{page}/members/{row.id}", {"facilitator": facilitates})
    admin.post(f"{page}/members/{row.id}/removal")

    said = [line.partition("Maya Lindqvist in Mobile ")[2] for line in lines(admin)]
    assert said == [
        "Member to Not in the team",
        "Facilitator to Member",
        "Member to Facilitator",
        "Not in the team to Member",
    ]


def test_ownership_and_leaving_are_there_with_what_was(signed_in):
    owner = signed_in("owner@acme.test")
    adam, maya = (person(name).memberships[0].id for name in ("Adam", "Maya"))
    former = acme().memberships[0].user.name
    owner.post(f"{SETTINGS}/members/{maya}/removal")
    owner.post(f"{SETTINGS}/members/{adam}/ownership", {"own_password": PASSWORD})

    assert lines(owner) == [
        f"{former} | Owner {former} to Adam Novak",
        f"{former} | Role of Maya Lindqvist Member to Not a member",
    ]


def test_an_invitation_is_there_without_its_address(admin):
    admin.post(f"{SETTINGS}/invitations", {"email": "new@acme.test", "role": "member", "team": ""})

    admin.get(HISTORY)  # says so once, with the address
    answer = admin.get(HISTORY)

    assert "Invitation 1 None to Member" in answer.page.text
    assert "new@acme.test" not in answer.page.html
    assert "new@acme.test" not in str(table(admin))


def test_what_somebody_does_to_an_issue_is_there(admin):
    connect_and_choose()
    sprint_14()
    first, second, third, *_ = items()
    link(first, key="PLAT-1")
    link(second, LinkState.DELETED, key="PLAT-2")
    entry = failed(third)
    admin.post(f"/action-items/{first.id}/link/removal")
    admin.post(f"/action-items/{second.id}/link/renewal")
    admin.post(f"/action-items/{first.id}/syncs")
    admin.post(f"{SETTINGS}/integrations/jira/sync-log/{entry.id}/retries")

    assert lines(admin) == [
        f"Adam Novak | Retry of “{third.title}” Sync error to Tried again",
        f"Adam Novak | Issue of “{first.title}” No issue to Synced to Jira",
        f"Adam Novak | Issue of “{second.title}” PLAT-2 to Created again",
        f"Adam Novak | Issue of “{first.title}” PLAT-1 to Unlinked",
    ]


def test_several_that_are_synced_at_once_are_each_there(admin):
    connect_and_choose()
    first, second, *_ = items()
    link(first, LinkState.ERROR, key=None)
    admin.post(f"/retrospectives/{sprint_14().id}/syncs", {"item": first.id})

    assert lines(admin) == [f"Adam Novak | Issue of “{first.title}” No issue to Synced to Jira"]
    assert second.title not in str(lines(admin))


def test_what_had_no_issue_is_not_unlinked(admin):
    connect_and_choose()
    sprint_14()

    admin.post(f"/action-items/{items()[0].id}/link/removal")

    assert lines(admin) == []


def test_downloads_are_there(admin):
    admin.get(f"{SETTINGS}/integrations/jira/sync-log/entries.csv")
    admin.get(f"{HISTORY}/changes.csv")

    assert lines(admin) == [
        "Adam Novak | Downloaded the history",
        "Adam Novak | Downloaded the Sync Log",
    ]


def test_asking_how_long_a_download_is_notes_none(admin):
    admin.head(f"{HISTORY}/changes.csv")
    admin.head(f"{SETTINGS}/integrations/jira/sync-log/entries.csv")

    assert lines(admin) == []


def test_what_the_operator_does_is_there(admin, app):
    db.session.commit()
    app.test_cli_runner().invoke(args=["users", "end-sessions", "member1@acme.test"])
    app.test_cli_runner().invoke(args=["users", "link", "member1@acme.test"])

    assert lines(admin) == [
        "The operator | Printed a link for the password of Maya Lindqvist",
    ]


def test_it_is_narrowed_down_by_subject_person_and_days(admin):
    note("plan-changed", "Maya", before="pro", after="enterprise")
    note("team-created", "Adam", days_ago=40, team=team().id, name="Data")
    note("sessions-ended", None, member=person("Maya").id, sessions=2)
    plan = "Maya Lindqvist | Plan Pro to Enterprise"
    data = "Adam Novak | Team Data None to Created"
    ended = "The operator | Sessions of Maya Lindqvist 2 sessions to Ended"
    old = (utcnow() - timedelta(days=30)).date()

    assert lines(admin) == [ended, data, plan]
    assert lines(admin, "?subject=teams") == [data]
    assert lines(admin, f"?who={person('Maya').id}") == [plan]
    assert lines(admin, "?who=0") == [ended]
    assert lines(admin, f"?to={old}") == [data]
    assert lines(admin, f"?from={old}&subject=organization") == [plan]
    assert [line["What"] for line in table(admin, "?subject=teams")] == ["Team Data"]
    assert lines(admin, "?subject=jira") == []
    assert "No change fits." in admin.get(f"{HISTORY}?subject=jira").page.text


def test_what_makes_no_sense_is_left_out_and_said(admin):
    note("plan-changed", before="pro", after="enterprise")

    answer = admin.get(f"{HISTORY}?subject=nothing&who=me&from=soon&before=x&after=-1")

    assert "Plan Pro to Enterprise" in answer.page.text
    assert "Write the day as year-month-day" in answer.page.text
    assert admin.get(f"{HISTORY}/changes.csv?from=soon").status_code == 400


@pytest.mark.both_databases
def test_it_is_read_page_by_page(admin, monkeypatch):
    monkeypatch.setattr(change_pages.page_of, "__kwdefaults__", PAGE_OF_TWO)
    for number in range(5):
        note("team-created", team=1, name=str(number))
    first = admin.get(HISTORY)

    second = admin.get(HISTORY + address_of(first, "Older"))
    third = admin.get(HISTORY + address_of(second, "Older"))
    back = admin.get(HISTORY + address_of(third, "Newer"))

    assert [teams_in(page) for page in (first, second, third, back)] == [
        ["4", "3"], ["2", "1"], ["0"], ["2", "1"],
    ]  # fmt: skip
    assert [link for link in third.page.texts("a") if link == "Older"] == []
    assert [link for link in first.page.texts("a") if link == "Newer"] == []
    assert teams_in(admin.get(HISTORY + address_of(back, "Newer"))) == ["4", "3"]


PAGE_OF_TWO = {"before": None, "after": None, "size": 2}


def address_of(answer, words: str) -> str:
    [found] = [each for each in answer.page.all("a") if text_of(each) == words]
    return "?" + (found.get("href") or "").partition("?")[2]


def teams_in(answer) -> list[str]:
    cells = [text_of(each) for each in answer.page.all("td")]
    return [each.split()[1] for each in cells if each.startswith("Team ")]


def test_another_organization_has_a_history_of_its_own(admin, signed_in):
    note("plan-changed", before="pro", after="enterprise")

    assert (
        "Enterprise"
        not in signed_in("owner@tiny.test").get("/organizations/tiny/settings/history").page.text
    )


def test_no_spreadsheet_runs_what_stands_in_it(admin):
    note("team-renamed", team=1, before='=HYPERLINK("x")', after="@sum")

    [line] = table(admin, "?subject=teams")

    assert (line["From"], line["To"]) == ('\'=HYPERLINK("x")', "'@sum")


def test_a_line_of_the_file_has_ids_beside_names(admin):
    note("plan-changed", "Maya", before="pro", after="enterprise")
    event = db.session.query(AuditEvent).one()

    [line] = table(admin, "?who=" + str(person("Maya").id))

    assert line["Change"] == str(event.id)
    assert line["Who (id)"] == str(person("Maya").id)
    assert line["When (UTC)"] == f"{event.created_at:%Y-%m-%d %H:%M:%S}"
    assert (line["About"], line["From"], line["To"]) == ("Organization", "Pro", "Enterprise")


def test_more_changes_are_no_more_queries(admin, asked):
    connect_and_choose()
    a, b = {"choices": {"0": ["10001", "1"]}}, {"choices": {"0": ["10002", "1"]}}
    rest = {"overrides": False, "returning": {}}

    def queries() -> int:
        note("jira.settings-saved", before=a | rest, after=b | rest)
        note("member-added", member=factories.user(name="Somebody").id, role="member")
        note("jira.retried", action_item=items()[0].id)
        db.session.commit()
        asked.clear()
        assert admin.get(HISTORY).status_code == 200
        return len(asked)

    queries()
    assert queries() == queries()


def test_of_a_deleted_team_or_person_the_id_is_left(admin):
    note("team-member", member=4711, team=4712, facilitator=True)

    assert lines(admin) == ["Adam Novak | person 4711 in team 4712 Facilitator"]
    assert db.session.query(Organization).count()
