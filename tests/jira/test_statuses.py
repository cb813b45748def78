"""The statuses of issues, and the transitions between them."""

from responses import matchers

from app.jira.types import AllowedValue, Status, Transition, TransitionField
from tests.jira.addresses import REST_URL

ISSUE = f"{REST_URL}/issue"
body_of = matchers.json_params_matcher


def test_an_issue_is_moved_by_one_of_its_transitions(atlassian, client):
    url = f"{ISSUE}/10012/transitions"
    to = {"name": "Fertig", "statusCategory": {"key": "done"}}
    offered = {"transitions": [{"id": 31, "name": "Fertig", "to": to}, {"id": "41"}, None, {}]}
    atlassian.get(url, json=offered)
    atlassian.post(url, status=204, match=[body_of({"transition": {"id": "31"}})])

    done, bare = client.transitions("10012")
    client.transition("10012", done.id)

    assert done == Transition("31", "Fertig", "Fertig", "done")
    assert bare == Transition("41", "", None, None)


def test_the_screen_of_a_transition_is_read_and_filled_in(atlassian, client):
    url = f"{ISSUE}/10012/transitions"
    resolution = {
        "name": "Lösung",
        "required": True,
        "hasDefaultValue": True,
        "defaultValue": {"id": "10000", "name": "Fertig"},
        "allowedValues": [{"id": 10000, "name": "Fertig"}, {"name": "?"}],
    }
    way = {"id": "31", "to": {"id": 10002}, "fields": {"resolution": resolution, "odd": None}}
    atlassian.get(url, json={"transitions": [way]})
    sent = {"transition": {"id": "31"}, "fields": {"resolution": {"id": "10000"}}}
    atlassian.post(url, status=204, match=[body_of(sent)])

    [found] = client.transitions("10012")
    client.transition("10012", found.id, {"resolution": {"id": "10000"}})

    values = (AllowedValue("10000", "Fertig"), AllowedValue(None, "?"))
    asked = TransitionField("resolution", "Lösung", True, True, "10000", values)
    assert found.status_id == "10002"
    assert found.fields == (asked, TransitionField("odd", "odd", False))


def test_resolutions_are_read_to_the_last_page(atlassian, client):
    url = f"{REST_URL}/resolution/search"
    pages = [
        {"startAt": 0, "total": 3, "values": [{"id": 1, "name": "Fertig"}, {"id": "2"}]},
        {"startAt": 2, "total": 3, "values": [{"id": "3", "name": "Doppelt"}]},
    ]
    for start, page in zip(("0", "2"), pages, strict=True):
        asked = matchers.query_param_matcher({"startAt": start, "maxResults": "50"})
        atlassian.get(url, json=page, match=[asked])

    assert client.resolutions() == [AllowedValue("1", "Fertig"), AllowedValue("3", "Doppelt")]


def test_the_statuses_of_a_project_are_told_by_type(atlassian, client):
    done = {"id": 10002, "name": "Fertig", "statusCategory": {"key": "done"}}
    types = [{"id": "1", "statuses": [done, {"id": "7"}, None]}, {"statuses": [done]}, None]
    atlassian.get(f"{REST_URL}/project/10000/statuses", json=types)

    found = client.statuses("10000")

    assert found == {"1": [Status("10002", "Fertig", "done"), Status("7", "7", None)]}
