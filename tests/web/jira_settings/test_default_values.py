"""Field values: filled in, refused at the row, searched for, copied, undone."""

import pytest
from sqlalchemy import update

from app.extensions import db
from app.models import AuditEvent, JiraIssueType
from tests.support.acme import sprint_14
from tests.support.atlassian import JIRA, connection
from tests.web.jira_settings.choices import mapping
from tests.web.jira_settings.typed import (
    CAUSE,
    COLOUR,
    COMPLETE,
    LABELS,
    PLACE,
    ROWS,
    SPONSOR,
    form,
    picked,
    stored,
)  # fmt: skip


def test_what_the_type_demands_has_a_row_by_itself_and_the_check_names_it(values):
    text = values.get(JIRA).page.text
    assert "2 values missing" in text

    page = values.get(JIRA).page

    assert {"Colour", "Place"} <= set(page.texts("span"))
    assert page.by_id(COLOUR).tag == "select"
    assert "Required" in page.text


def test_save_names_what_is_empty_at_its_row_and_stores_nothing(values):
    answer = values.post(JIRA, form(**{COLOUR: "", LABELS: "retro"}))

    assert answer.status_code == 422
    assert "2 fields need another choice: Colour, Place" in answer.page.text
    assert answer.page.by_id(COLOUR).get("aria-invalid") == "true"
    assert stored() == {}


@pytest.mark.both_databases
def test_what_is_filled_in_is_kept_said_and_recorded_and_the_check_is_green(values, work):
    labels = "retro {team}"

    values.post(JIRA, form(**COMPLETE, **{LABELS: labels, CAUSE: "From {retrospective}"}))
    work()

    assert stored() == {
        COLOUR: {"id": "10200", "label": "Red"},
        PLACE: stored()[PLACE],
        LABELS: ["retro", "{team}"],
        CAUSE: "From {retrospective}",
    }
    assert stored()[PLACE]["child"]["id"] == "10252"
    page = values.get(JIRA).page
    assert "Sends: From Sprint 14 Retro" in page.text
    assert "Sends: retro Platform" in page.text
    assert mapping().check_state.value == "ready"
    history = values.get("/organizations/acme/settings/history").page.text
    assert "Field Colour of the default" in history
    assert "Red" in history


@pytest.mark.parametrize(
    ("field_id", "typed", "said"),
    [
        (CAUSE, "{sprint}", "{sprint} means nothing."),
        (COLOUR, "99999", "It is not in Jira any more."),
        (LABELS, "x" * 256, "has more than 255 characters"),
        (SPONSOR, "nobody", "Search for it"),
        (CAUSE, "x" * 256, "Use at most 255 characters."),
    ],
)
def test_what_jira_would_refuse_is_refused_at_the_field(values, field_id, typed, said):
    answer = values.post(JIRA, form(**COMPLETE | {field_id: typed}))

    assert answer.status_code == 422
    assert said in answer.page.text
    assert stored() == {}


def test_a_role_that_a_type_demands_needs_somebody_for_who_is_not_matched(values, jira, work):
    jira.control.add_field("user", "KIND", type="Task", required=True)
    values.post(f"{JIRA}/checks")
    work()
    refused = values.post(JIRA, form(**COMPLETE, **{SPONSOR: ["owner", ""]}))

    assert refused.status_code == 422
    assert "Choose who stands in where nobody is matched." in refused.page.text
    nobody = refused.page.by_id(f"{SPONSOR}-1").find("option")
    assert nobody.text == "No match: choose somebody"
    assert SPONSOR not in stored()


def test_a_field_is_added_and_removed_without_saving(values):
    added = values.post(ROWS, form(**COMPLETE) | {"add": LABELS, "adding": "1"}).page
    assert added.by_id(LABELS).get("autofocus") is not None
    assert stored() == {}

    removed = values.post(ROWS, form(**COMPLETE, **{LABELS: "x"}) | {"removing": LABELS}).page
    assert LABELS not in removed.values("id")
    assert COLOUR in removed.values("id")


def test_fields_that_cannot_be_sent_are_there_with_the_reason(values, jira, work):
    jira.control.add_field("app", "KIND", type="Task")
    values.post(f"{JIRA}/checks")
    work()

    options = values.get(JIRA).page.texts("option")

    assert "Risk register: it belongs to an app" in options


def test_while_jira_is_down_what_is_saved_stays_and_can_be_saved_again(values, jira, work):
    values.post(JIRA, form(**COMPLETE))
    work()
    jira.control.set(down=True)

    answer = values.post(JIRA, form(**COMPLETE, **{CAUSE: "Because"}))
    work()

    assert answer.status_code == 303
    assert stored()[CAUSE] == "Because"
    searched = form(SPONSOR, **COMPLETE) | {f"query:{SPONSOR}": "m", "search": SPONSOR}
    assert "Jira did not answer." in values.post(ROWS, searched).page.text


def test_fields_that_jira_breaks_off_in_the_middle_leave_the_rows_as_they_were(values, jira, work):
    values.post(JIRA, form(**COMPLETE))
    work()
    before = values.get(JIRA).page.by_id("values")
    jira.control.remove_field(COLOUR, "KIND")
    jira.control.fault("truncate", "createmeta_fields")

    values.post(f"{JIRA}/checks")
    work()

    page = values.get(JIRA).page
    shown = [row.get("id") for row in page.by_id("values")]
    assert shown[:-1] == [row.get("id") for row in before]
    assert "Fields and lists are as Jira last told them." in page.text
    assert stored()[COLOUR] == {"id": "10200", "label": "Red"}


@pytest.mark.both_databases
def test_of_two_admins_at_once_the_second_is_told(values, signed_in):
    other = signed_in("owner@acme.test")
    values.post(JIRA, form(**COMPLETE))

    answer = other.post(JIRA, form(**COMPLETE | {COLOUR: "10201"}, version=1))

    assert answer.status_code == 422
    assert "Adam Novak saved these settings" in answer.page.text
    assert answer.page.texts("td")[:3] == ["Colour", "Red", 'Green, "dark"']
    assert picked(answer.page.by_id(COLOUR)) == 'Green, "dark"'
    assert stored()[COLOUR]["id"] == "10200"


def test_what_is_not_on_this_type_is_shown_until_it_is_removed(values, jira, work):
    values.post(JIRA, form(**COMPLETE, **{CAUSE: "Because"}))
    work()
    jira.control.remove_field(CAUSE, "KIND")
    values.post(f"{JIRA}/checks")
    work()

    assert "Not on this type" in values.get(JIRA).page.text

    values.post(JIRA, form(CAUSE, **COMPLETE))
    assert stored()[CAUSE] == "Because"
    values.post(JIRA, form(**COMPLETE))
    assert CAUSE not in stored()


def test_an_option_that_is_gone_turns_the_check_and_is_named(values, jira, work):
    values.post(JIRA, form(**COMPLETE))
    work()
    jira.control.remove_option(COLOUR, "10200", "KIND")
    values.post(f"{JIRA}/checks")
    work()

    assert "1 value gone from Jira" in values.get(JIRA).page.text
    answer = values.post(JIRA, form(**COMPLETE))
    assert "“Red” is not in Jira any more. Choose another." in answer.page.text


def test_undo_brings_a_value_back(values, work):
    values.post(JIRA, form(**COMPLETE))
    values.post(JIRA, form(**COMPLETE | {COLOUR: "10201"}))
    event = (
        db.session.query(AuditEvent)
        .filter_by(action="jira.field-values-saved")
        .order_by(AuditEvent.id.desc())
        .first()
    )
    undoing = f"/organizations/acme/settings/history/{event.id}/value-{COLOUR}/undoing"
    assert "Red" in values.get(undoing).page.text

    values.post(undoing)

    assert stored()[COLOUR] == {"id": "10200", "label": "Red"}
    assert "Undone" in values.get("/organizations/acme/settings/history").page.text


def test_the_preview_shows_what_every_new_issue_also_gets(values, work):
    values.post(JIRA, form(**COMPLETE, **{LABELS: "retro {team}", CAUSE: "For {owner}"}))
    work()

    text = values.get(f"/retrospectives/{sprint_14().id}/commit").page.text

    assert "Every new issue also gets" in text
    assert "Colour Red" in text
    assert "Labels retro Platform" in text
    assert "Root cause by action item" in text


def test_commit_makes_issues_with_all_of_it(values, jira, work):
    values.post(JIRA, form(**COMPLETE, **{LABELS: "retro {team}"}))
    work()
    retrospective = sprint_14().id
    db.session.commit()

    values.post(f"/retrospectives/{retrospective}/phase", {"shown": "discuss", "to": "commit"})
    work()

    fields = [issue["fields"] for issue in jira.control.issues()]
    assert [each[COLOUR] for each in fields] == ["10200"] * 5
    assert [sorted(each[LABELS]) for each in fields] == [["Platform", "retro"]] * 5
    assert connection().mappings[0].check_state.value == "ready"


def test_what_is_typed_is_not_dropped_while_the_screen_is_unread(values):
    db.session.execute(update(JiraIssueType).values(fields=None))
    db.session.commit()

    answer = values.post(JIRA, form(**COMPLETE, **{LABELS: "retro"}))

    assert answer.status_code == 422
    assert "Nothing is saved" in answer.page.text
    assert stored() == {}
