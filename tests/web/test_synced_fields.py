"""Each synced field on the pages that show them all: the table, walked."""

import pytest

from app.clock import utcnow
from app.extensions import db
from app.jira.types import Field
from app.models import CheckState, JiraConnection, JiraSettings, ProjectMapping
from app.services.fields import switches
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import SYNCED_FIELDS, TAKEN_OVER
from app.services.mapping import screens
from app.services.mapping.mappings import Target
from tests.support.acme import choose_project, connect, sprint_14
from tests.support.atlassian import JIRA

LIMITING = tuple(field for field in SYNCED_FIELDS if field.missing)

every_limit = pytest.mark.parametrize("field", LIMITING, ids=lambda field: field.id)
every_switch = pytest.mark.parametrize("field", TAKEN_OVER, ids=lambda field: field.id)


@pytest.fixture
def connection(sample) -> JiraConnection:
    return connect()


@pytest.fixture
def mapping(connection) -> ProjectMapping:
    return choose_project()


def screen_without(field: SyncedField, mapping: ProjectMapping, connection: JiraConnection) -> None:
    """What a check leaves behind that found the field missing."""
    assert field.missing
    mapping.check_state, mapping.checked_at = CheckState.LIMITED, utcnow()
    mapping.findings = [{"code": field.missing.code, "fields": []}]
    target = Target(mapping.project_id, mapping.project_key, mapping.issue_type_id)
    left = [Field(each.id, each.name_in_jira, False, False) for each in SYNCED_FIELDS]
    screens.store(connection.id, target, [each for each in left if each.id != field.id])


def test_the_settings_say_where_each_goes(admin, mapping):
    cells = admin.get(JIRA).page.texts("td")

    for field in SYNCED_FIELDS:
        place = cells.index(field.label)
        assert cells[place : place + 3] == [field.label, field.name_in_jira, field.hint]


@every_limit
def test_the_settings_say_which_project_lacks_it(admin, connection, mapping, field):
    screen_without(field, mapping, connection)

    text = admin.get(JIRA).page.text

    assert f"No {field.name}" in text
    assert f"Task in PLAT has no {field.name} on its screen. {field.missing.consequence}" in text
    assert f"Not in PLAT: its screen has no {field.name}." in text


@every_limit
def test_the_preview_says_that_issues_go_without_it(signed_in, connection, mapping, field):
    screen_without(field, mapping, connection)

    page = signed_in("facilitator@acme.test").get(f"/retrospectives/{sprint_14().id}/commit").page

    assert f"{field.label}: not on this project’s create screen." in page.text
    assert (field.preview in page.texts("th")) is (field.preview is not None)


@every_switch
def test_its_switch_is_saved_and_told_to_who_saves_otherwise(signed_in, mapping, field):
    form = {"version": 0, "project": "10001", "type": "10101"}
    name = f"take-over-{field.name.replace(' ', '-')}"

    signed_in("admin@acme.test").post(JIRA, form | {name: "on"})

    db.session.expire_all()
    assert switches.taken_over(db.session.query(JiraSettings).one()) == {field.id}
    answer = signed_in("owner@acme.test").post(JIRA, form | {"webhooks": "on"}, htmx=True)
    cells = answer.page.texts("td")
    place = cells.index(f"Take over the {field.name}")
    assert cells[place + 1 : place + 3] == ["On", "Off"]
