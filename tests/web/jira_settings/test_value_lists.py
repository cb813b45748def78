"""Fields and values that are searched for: in Jira, or in lists too long to be drawn."""

from app.extensions import db
from app.models import JiraFieldOptions
from app.web.value_drafts import MOST_PARTS
from tests.support.atlassian import JIRA
from tests.web.jira_settings.choices import mapping
from tests.web.jira_settings.typed import (
    CAUSE,
    COMPLETE,
    LABELS,
    MAYA,
    ROWS,
    SPONSOR,
    form,
    picked,
    stored,
)  # fmt: skip


def test_people_and_others_are_searched_for_and_chosen(values):
    found = values.post(
        ROWS, form(SPONSOR, **COMPLETE) | {f"query:{SPONSOR}": "maya", "search": SPONSOR}
    ).page
    assert "1 result in the list." in found.text

    chosen_one = form(**COMPLETE, **{SPONSOR: ["owner", MAYA]}) | {f"label:{MAYA}": "Maya L."}
    values.post(JIRA, chosen_one)

    assert stored()[SPONSOR] == {"role": "owner", "fallback": {"id": MAYA, "label": "Maya L."}}
    fallback = values.get(JIRA).page.by_id(f"{SPONSOR}-1")
    assert picked(fallback) == "Maya L."


def test_an_address_cannot_call_an_account_like_somebody_else(values):
    stranger = "5b0000000000000000000000"
    forged = form(**COMPLETE, **{SPONSOR: stranger}) | {f"label:{stranger}": "Maya L."}

    shown = values.get(JIRA, query_string=forged).page

    assert picked(shown.by_id(SPONSOR)) == stranger
    assert "Maya L." not in shown.text


def test_what_was_searched_for_keeps_its_name_on_the_way_to_the_page_of_that_person_alone(
    values, signed_in
):
    typed = form(**COMPLETE, **{SPONSOR: MAYA}) | {f"label:{MAYA}": "Maya L."}

    address = values.post(f"{JIRA}/issue-types", typed).location

    assert picked(values.get(address).page.by_id(SPONSOR)) == "Maya L."
    again = values.get(address.replace(JIRA, f"{JIRA}/issue-types")).location
    assert picked(values.get(again).page.by_id(SPONSOR)) == "Maya L."
    other = signed_in("owner@acme.test").get(address).page
    assert picked(other.by_id(SPONSOR)) == MAYA


def test_thousands_of_chosen_options_are_not_read_and_not_saved(values):
    many = form(**COMPLETE, components=[f"{number}" for number in range(20_000)])

    drawn = values.get(JIRA, query_string=many).page.all("input")
    boxes = [each for each in drawn if each.get("name") == "value:components"]
    assert len([each for each in boxes if "checked" in each.attrib]) == MOST_PARTS

    refused = values.post(JIRA, form(**COMPLETE, components=[f"{n}" for n in range(600)]))
    assert refused.status_code == 422
    assert "Choose at most 500." in refused.page.text
    assert stored() == {}


def test_ten_thousand_options_are_searched_and_not_drawn(values, work):
    building = "customfield_10122"

    added = values.post(ROWS, form(**COMPLETE) | {"add": building, "adding": "1"}).page
    assert len([*added.by_id(building).iter("option")]) == 1

    typed = form(building, **COMPLETE) | {f"query:{building}": "77", "search": building}
    found = values.post(ROWS, typed).page
    assert "Type more to narrow them" in found.text
    assert found.text.count("Building 0") == 20


def test_a_list_of_four_hundred_fields_is_searched_and_not_drawn(values, jira, work):
    jira.control.add_spare_fields(400, "KIND", "Task")
    values.post(f"{JIRA}/checks")
    work()
    page = values.get(JIRA).page

    assert len([*page.by_id("add").iter("option")]) == 1
    target = f"project={mapping().project_id}&type={mapping().issue_type_id}"
    listed = values.get(f"{JIRA}/fields?{target}&query=spare field 39", htmx=True).page
    assert "10 of" in listed.text
    assert len(listed.all("li")) == 10

    typed = form(**COMPLETE) | {"query-fields": "spare field 39", "search-fields": "1"}
    found = values.post(ROWS, typed).page
    assert len([*found.by_id("add").iter("option")]) == 11


def test_with_script_people_and_long_lists_are_searched_as_one_types(values, work):
    target = f"project={mapping().project_id}&type={mapping().issue_type_id}"
    options = f"{JIRA}/field-options?{target}"

    roles = values.get(f"{options}&field={SPONSOR}&query=", htmx=True).page
    assert roles.values("data-value") == ["owner", "facilitator", ""]
    people = values.get(f"{options}&field={SPONSOR}&query=maya", htmx=True).page
    assert people.values("data-value") == [MAYA]
    buildings = values.get(f"{options}&field=customfield_10122&listed=&query=77", htmx=True).page
    assert len(buildings.all("li")) == 20
    assert "Type more to narrow them" in buildings.text
    assert values.get(f"{options}&field=nothing&query=x").status_code == 404


def test_a_second_level_of_thousands_is_drawn_below_its_first_alone(values, work):
    place = "customfield_10111"
    row = db.session.query(JiraFieldOptions).filter_by(field_id=place).one()
    many = [{"id": f"9{n}", "label": f"Town {n}"} for n in range(3_000)]
    row.options = [{**row.options[0], "children": many}, *row.options[1:]]
    db.session.commit()

    assert "Town 7" not in values.get(JIRA).page.texts("option")
    first = form(**{place: row.options[1]["id"]})
    below = values.post(ROWS, first, htmx=True).page.by_id(f"{place}-1")
    assert len([*below.iter("option")]) == 3


def test_what_is_added_keeps_what_was_typed_and_what_is_removed_is_announced(values):
    typed = form(**COMPLETE, **{CAUSE: "Because {sprint}"}) | {"add": LABELS, "adding": "1"}
    added = values.post(ROWS, typed, htmx=True).page
    assert added.by_id(CAUSE).get("value") == "Because {sprint}"
    assert added.by_id(LABELS).get("autofocus") is not None

    removed = values.post(ROWS, typed | {"removing": CAUSE}, htmx=True).page
    assert removed.by_id("announcer").text == "Root cause removed, not saved yet."
    assert stored() == {}
