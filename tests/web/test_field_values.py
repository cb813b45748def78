"""The field values of a mapping: filled in, refused at the row, searched for, copied, undone."""

import pytest

from app.extensions import db
from app.models import AuditEvent, JiraSettings, MappingValue, ProjectMapping
from tests.support.acme import acme, sprint_14, team
from tests.support.atlassian import JIRA, connection
from tests.support.people import Person
from tests.web.jira_settings.choices import ask_for_types, chosen, mapping

PAGE = f"{JIRA}/field-values/0"
MAYA = "5c2e4f1a9d3b7a0e6c8d1f25"
COLOUR, PLACE, LABELS, SPONSOR, CAUSE = (
    "customfield_10107", "customfield_10111", "labels", "customfield_10112", "customfield_10101",
)  # fmt: skip


@pytest.fixture
def values(admin, jira, work) -> Person:
    """An admin whose action items become Tasks of KIND, which demands a colour and a place."""
    from tests.support.atlassian import connect

    jira.control.add_field("select", "KIND", type="Task", required=True)
    jira.control.add_field("cascading", "KIND", type="Task", required=True)
    for kind in ("labels", "user", "text", "group", "parent", "many_options", "components"):
        jira.control.add_field(kind, "KIND", type="Task")
    connect(admin, jira)
    work()
    ask_for_types(admin, work, "KIND")
    assert admin.post(JIRA, chosen("KIND")).status_code == 303
    work()
    return admin


def form(version: int | None = None, *fields: str, **inputs) -> dict:
    """The form with these fields; `inputs` by the field's id."""
    row = mapping()
    filled = {f"value:{name}": value for name, value in inputs.items()}
    every = [*dict.fromkeys([*inputs, *fields])]
    return {"version": row.version if version is None else version, "field": every, **filled}


COMPLETE = {COLOUR: "10200", PLACE: ["10250", "10252"]}


def stored() -> dict:
    db.session.expire_all()
    return {row.field_id: row.value for row in db.session.query(MappingValue)}


def test_what_the_type_demands_has_a_row_by_itself_and_the_check_names_it(values):
    text = values.get(JIRA).page.text
    assert "2 values missing" in text

    page = values.get(PAGE).page

    assert {"Colour", "Place"} <= set(page.texts("span"))
    assert page.by_id(COLOUR).tag == "select"
    assert "Required" in page.text


def test_save_names_what_is_empty_at_its_row_and_stores_nothing(values):
    answer = values.post(PAGE, form(**{COLOUR: "", LABELS: "retro"}))

    assert answer.status_code == 422
    assert "2 fields need another value: Colour, Place" in answer.page.text
    assert answer.page.by_id(COLOUR).get("aria-invalid") == "true"
    assert stored() == {}


@pytest.mark.both_databases
def test_what_is_filled_in_is_kept_said_and_recorded_and_the_check_is_green(values, work):
    labels = "retro {team}"

    values.post(PAGE, form(**COMPLETE, **{LABELS: labels, CAUSE: "From {retrospective}"}))
    work()

    assert stored() == {
        COLOUR: {"id": "10200", "label": "Red"},
        PLACE: stored()[PLACE],
        LABELS: ["retro", "{team}"],
        CAUSE: "From {retrospective}",
    }
    assert stored()[PLACE]["child"]["id"] == "10252"
    page = values.get(PAGE).page
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
    answer = values.post(PAGE, form(**COMPLETE | {field_id: typed}))

    assert answer.status_code == 422
    assert said in answer.page.text
    assert stored() == {}


def test_a_field_is_added_and_removed_without_saving(values):
    added = values.post(PAGE, form(**COMPLETE) | {"add": LABELS, "adding": "1"}).page
    assert added.by_id(LABELS).get("autofocus") is not None
    assert stored() == {}

    removed = values.post(PAGE, form(**COMPLETE, **{LABELS: "x"}) | {"remove": LABELS}).page
    assert LABELS not in removed.values("id")
    assert COLOUR in removed.values("id")


def test_fields_that_cannot_be_sent_are_there_with_the_reason(values, jira, work):
    jira.control.add_field("app", "KIND", type="Task")
    values.post(f"{JIRA}/checks")
    work()

    options = values.get(PAGE).page.texts("option")

    assert "Risk register: it belongs to an app" in options


def test_people_and_others_are_searched_for_and_chosen(values):
    found = values.post(
        PAGE, form(None, SPONSOR, **COMPLETE) | {f"query:{SPONSOR}": "maya", "search": SPONSOR}
    ).page
    assert "1 result." in found.text

    chosen_one = form(**COMPLETE, **{SPONSOR: ["owner", MAYA]}) | {f"label:{MAYA}": "Maya L."}
    values.post(PAGE, chosen_one)

    assert stored()[SPONSOR] == {"role": "owner", "fallback": {"id": MAYA, "label": "Maya L."}}
    assert "No match: Maya L." in values.get(PAGE).page.text


def test_ten_thousand_options_are_searched_and_not_drawn(values, work):
    building = "customfield_10122"

    added = values.post(PAGE, form(**COMPLETE) | {"add": building, "adding": "1"}).page
    assert len(added.all("option")) < 100

    typed = form(None, building, **COMPLETE) | {f"query:{building}": "77", "search": building}
    found = values.post(PAGE, typed).page
    assert "Type more to narrow them" in found.text
    assert found.text.count("Building 0") == 20


def test_while_jira_is_down_what_is_saved_stays_and_can_be_saved_again(values, jira, work):
    values.post(PAGE, form(**COMPLETE))
    work()
    jira.control.set(down=True)

    answer = values.post(PAGE, form(**COMPLETE, **{CAUSE: "Because"}))
    work()

    assert answer.status_code == 303
    assert stored()[CAUSE] == "Because"
    searched = form(None, SPONSOR, **COMPLETE) | {f"query:{SPONSOR}": "m", "search": SPONSOR}
    assert "Jira did not answer." in values.post(PAGE, searched).page.text


@pytest.mark.both_databases
def test_of_two_admins_at_once_the_second_is_told(values, signed_in):
    other = signed_in("owner@acme.test")
    values.post(PAGE, form(**COMPLETE))

    answer = other.post(PAGE, form(0, **COMPLETE | {COLOUR: "10201"}), follow_redirects=True)

    assert "Somebody else saved this mapping" in answer.page.text
    assert stored()[COLOUR]["id"] == "10200"


def test_what_is_not_on_this_type_is_shown_until_it_is_removed(values, jira, work):
    values.post(PAGE, form(**COMPLETE, **{CAUSE: "Because"}))
    work()
    jira.control.remove_field(CAUSE, "KIND")
    values.post(f"{JIRA}/checks")
    work()

    assert "Not on this type" in values.get(PAGE).page.text

    values.post(PAGE, form(None, CAUSE, **COMPLETE))
    assert stored()[CAUSE] == "Because"
    values.post(PAGE, form(**COMPLETE))
    assert CAUSE not in stored()


def test_an_option_that_is_gone_turns_the_check_and_is_named(values, jira, work):
    values.post(PAGE, form(**COMPLETE))
    work()
    jira.control.remove_option(COLOUR, "10200", "KIND")
    values.post(f"{JIRA}/checks")
    work()

    assert "1 value gone from Jira" in values.get(JIRA).page.text
    answer = values.post(PAGE, form(**COMPLETE))
    assert "“Red” is not in Jira any more. Choose another." in answer.page.text


def own_mapping(name: str) -> ProjectMapping:
    default = mapping()
    row = ProjectMapping(
        organization_id=acme().id,
        team_id=team(name).id,
        **{
            each: getattr(default, each)
            for each in (
                "cloud_id", "project_id", "project_key", "project_name", "issue_type_id",
                "issue_type_name",
            )
        },
    )  # fmt: skip
    db.session.add(row)
    db.session.query(JiraSettings).one().per_team_overrides = True
    db.session.commit()
    return row


def test_a_team_of_the_same_type_has_the_defaults_or_its_own_or_a_copy(values):
    values.post(PAGE, form(**COMPLETE))
    mobile = own_mapping("Mobile")
    page = f"{JIRA}/field-values/{mobile.team_id}"
    assert "As the default" in values.get(JIRA).page.text

    source = db.session.query(ProjectMapping).filter_by(team_id=None).one().id
    values.post(f"{page}/copies", {"from": source})
    db.session.expire_all()
    assert [row.field_id for row in mobile.values] == [COLOUR, PLACE]
    assert not mobile.values_as_default

    own = {"version": mobile.version, "field": [COLOUR, PLACE], "whose": "default"}
    values.post(page, own)
    db.session.expire_all()
    assert mobile.values_as_default


def test_undo_brings_a_value_back(values, work):
    values.post(PAGE, form(**COMPLETE))
    values.post(PAGE, form(**COMPLETE | {COLOUR: "10201"}))
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
    values.post(PAGE, form(**COMPLETE, **{LABELS: "retro {team}", CAUSE: "For {owner}"}))
    work()

    text = values.get(f"/retrospectives/{sprint_14().id}/commit").page.text

    assert "Every new issue also gets" in text
    assert "Colour Red" in text
    assert "Labels retro Platform" in text
    assert "Root cause by action item" in text


def test_commit_makes_issues_with_all_of_it(values, jira, work):
    values.post(PAGE, form(**COMPLETE, **{LABELS: "retro {team}"}))
    work()
    retrospective = sprint_14().id
    db.session.commit()

    values.post(f"/retrospectives/{retrospective}/phase", {"shown": "discuss", "to": "commit"})
    work()

    fields = [issue["fields"] for issue in jira.control.issues()]
    assert [each[COLOUR] for each in fields] == ["10200"] * 5
    assert [sorted(each[LABELS]) for each in fields] == [["Platform", "retro"]] * 5
    assert connection().mappings[0].check_state.value == "ready"
