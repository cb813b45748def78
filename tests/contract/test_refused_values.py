"""Values that Jira does not take, in English and in German: our client reads which field it was."""

import pytest

from app.jira.errors import JiraRefused
from app.jira.types import IssueDraft
from demo.jira_cloud.catalog.fields import EPIC_NAME, KINDS
from tests.support.jira_cloud_kinds import UNSETTABLE, examples, field_id

TARGET = {"project": {"id": "10068"}, "issuetype": {"id": "10001"}, "summary": "Fix it"}
LISTED = {kind for kind in examples() if kind != "many_options"}


@pytest.fixture(params=["en", "de"])
def language(request, jira):
    """Jira's words, by which nothing may be decided."""
    jira.control.set(language=request.param)


def refused(client, **fields) -> JiraRefused:
    with pytest.raises(JiraRefused) as caught:
        client.create_issue(IssueDraft(TARGET | fields))
    assert caught.value.status == 400
    return caught.value


def test_a_wrong_shape_names_its_field(exchanges, client, language):
    for kind in sorted(LISTED):
        name = field_id(kind, "KIND")
        for wrong in examples()[kind].wrong[:3]:
            assert set(refused(client, **{name: wrong}).field_errors) == {name}, (kind, wrong)


def test_what_nobody_can_set_names_itself(exchanges, client, language):
    for kind in UNSETTABLE:
        name = KINDS[kind].id
        assert set(refused(client, **{name: "x"}).field_errors) == {name}


def test_several_are_named_at_once(exchanges, client, language):
    wrong = {field_id(kind, "KIND"): examples()[kind].wrong[0] for kind in LISTED}

    assert set(refused(client, **wrong).field_errors) == set(wrong)


def test_a_required_field_is_named_by_a_bulk_as_well(exchanges, client, jira, language):
    jira.control.require_field("components", "KIND")
    parts = [{"name": "API"}]

    outcome = client.create_issues([IssueDraft(TARGET), IssueDraft(TARGET | {"components": parts})])

    assert set(outcome.errors[0].field_errors) == {"components"}
    assert len(outcome.created) == 1


@pytest.mark.parametrize("how", ["demand", "forbid", "sprint"])
def test_some_refusals_name_no_field(exchanges, client, jira, language, how):
    text, sprint = KINDS["text"].id, KINDS["sprint"].id
    if how == "demand":
        jira.control.demand_field("text", "KIND")
    elif how == "forbid":
        jira.control.forbid_field("text", "KIND")
    fields = {"demand": {}, "forbid": {text: "x"}, "sprint": {sprint: 1}}[how]

    error = refused(client, **fields)

    assert error.field_errors == {}
    assert error.sentence


def test_a_parent_is_named_by_its_own_id(exchanges, client, jira, language):
    """Jira files one of the wrong level under `parentId`."""
    task = jira.control.create_issue("KIND", "A task")
    epic = jira.control.create_issue("KIND", "Big", type="Epic", **{EPIC_NAME.id: "Big"})

    assert set(refused(client, parent={"id": task["id"]}).field_errors) == {"parent"}
    assert set(refused(client, parent={"id": "1"}).field_errors) == {"parent"}
    assert client.create_issue(IssueDraft(TARGET | {"parent": {"id": epic["id"]}})).key == "KIND-3"
