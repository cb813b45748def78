"""The field values of a mapping, in each state."""

from typing import TYPE_CHECKING

from app.extensions import db
from app.models import (
    CheckState,
    JiraFieldOptions,
    JiraIssueType,
    JiraWork,
    MappingValue,
    ProjectMapping,
    WorkKind,
)
from tests.web.pages.integrations import JIRA
from tests.web.pages.jira_settings import checked, known, settings, statuses
from tests.web.pages.row import Row, Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIELDS = [
    *[
        {"id": name, "name": called, "required": name in ("customfield_1", "customfield_2"),
         "has_default": False, "type": kind, "items": items, "what": what, "settable": True,
         "fingerprint": "/".join((what, kind, items)), "supported": called != "Risk register"}
        for name, called, kind, items, what in (
            ("customfield_1", "Work category", "option", "", "select"),
            ("customfield_2", "Product area", "option-with-child", "", "cascadingselect"),
            ("components", "Components", "array", "component", "components"),
            ("customfield_3", "Reviewer", "user", "", "userpicker"),
            ("labels", "Labels", "array", "string", "labels"),
            ("customfield_4", "Background", "string", "", "textarea"),
            ("customfield_5", "Target start", "date", "", "datepicker"),
            ("customfield_6", "Starts", "datetime", "", "datetime"),
            ("parent", "Parent", "issuelink", "", "parent"),
            ("customfield_7", "Sprint", "array", "json", "com.pyxis.greenhopper.jira:gh-sprint"),
            ("customfield_8", "Team", "team", "", "atlassian-team"),
            ("customfield_9", "Risk register", "any", "", "com.acme.risks:risk-register"),
            ("priority", "Priority", "priority", "", "priority"),
        )
    ]
]  # fmt: skip


def field_values(_: Scene) -> None:
    """Each kind of input, filled in; one that is not on this type; one that Unpack cannot fill."""
    connection = known()
    settings(per_team_overrides=True)
    mapping = db.session.query(ProjectMapping).one()
    screen = db.session.query(JiraIssueType).filter_by(project_id="10000", issue_type_id="1").one()
    screen.fields = FIELDS
    two = [{"id": "1", "label": "Checkout", "children": [{"id": "11", "label": "Payments"}]}]
    for field_id, options in (
        ("customfield_1", [{"id": "5", "label": "Improvement"}, {"id": "6", "label": "רעיון"}]),
        ("customfield_2", two),
        ("components", [{"id": "7", "label": "CI"}, {"id": "8", "label": "Deploy “pipeline”"}]),
        ("priority", [{"id": "3", "label": "High"}]),
    ):
        db.session.add(
            JiraFieldOptions(
                connection_id=connection.id, project_id="10000", issue_type_id="1",
                field_id=field_id, options=options,
            )
        )  # fmt: skip
    for position, (field_id, kind, value) in enumerate(
        (
            ("customfield_1", "select", {"id": "5", "label": "Improvement"}),
            ("customfield_2", "cascading", {"id": "1", "label": "Checkout", "child": None}),
            ("components", "components", [{"id": "7", "label": "CI"}]),
            ("customfield_3", "user", {"role": "facilitator", "fallback": None}),
            ("labels", "labels", ["retro", "team-{team}", "{retrospective}"]),
            ("customfield_4", "paragraph", "Decided in {retrospective}\nby {facilitator}"),
            ("customfield_5", "date", "{date}"),
            ("customfield_6", "datetime", "2026-12-01T09:00+00:00"),
            ("parent", "parent", {"id": "88", "label": "PLAT-88 · Follow through"}),
            ("customfield_7", "sprint", {"board": None, "label": ""}),
            ("customfield_8", "team", {"id": "t-1", "label": "Platform"}),
            ("customfield_99", "text", "Of another type"),
        )
    ):
        kept = next((each for each in FIELDS if each["id"] == field_id), None)
        fingerprint = "/".join((kept["what"], kept["type"], kept["items"])) if kept else "x"
        mapping.values.append(
            MappingValue(
                field_id=field_id, name=kept["name"] if kept else "Old field", kind=kind,
                fingerprint=fingerprint, value=value, position=position,
            )
        )  # fmt: skip


def of_a_team(scene: Scene) -> None:
    """The same of a team that has the default's project and type, and values of its own."""
    field_values(scene)
    mapping = db.session.query(ProjectMapping).one()
    copied = {
        each: getattr(mapping, each)
        for each in (
            "organization_id", "cloud_id", "project_id", "project_key", "project_name",
            "issue_type_id", "issue_type_name",
        )
    }  # fmt: skip
    own = ProjectMapping(team_id=1, values_as_default=False, **copied)
    own.values = [
        MappingValue(
            field_id=row.field_id, name=row.name, kind=row.kind, fingerprint=row.fingerprint,
            value=row.value, position=row.position,
        )
        for row in mapping.values
    ]  # fmt: skip
    db.session.add(own)


def four_hundred_fields(scene: Scene) -> None:
    field_values(scene)
    screen = db.session.query(JiraIssueType).filter_by(project_id="10000", issue_type_id="1").one()
    spare = {
        **FIELDS[-1],
        "what": "textfield",
        "type": "string",
        "fingerprint": "textfield/string/",
    }
    screen.fields = [
        *FIELDS,
        *({**spare, "id": f"customfield_9{n:03}", "name": f"Spare {n}"} for n in range(400)),
    ]


def unanswered(scene: Scene) -> None:
    """Jira has broken off in the middle of its fields."""
    field_values(scene)
    reading = db.session.query(JiraWork).filter_by(kind=WorkKind.METADATA).one()
    reading.error = "Jira did not answer."


def empty_the_first(page: "Page") -> None:
    page.locator("#customfield_1").select_option("")
    page.get_by_role("button", name="Save Settings").click()
    page.locator(".field-error").first.wait_for()


def empty_the_teams_first(page: "Page") -> None:
    page.locator("#customfield_1").select_option("")
    page.get_by_role("button", name="Save field values").click()
    page.locator(".field-error").first.wait_for()


def look_for_a_field(page: "Page") -> None:
    page.locator("input#add").click()
    page.locator("#add-list [role=option]").first.wait_for()


def look_for_a_person(page: "Page") -> None:
    page.locator("input#customfield_3").click()
    page.locator("#customfield_3-list [role=option]").first.wait_for()


def type_a_token(page: "Page") -> None:
    field = page.locator("#values textarea, #values input[hx-trigger]").first
    field.fill("{team}: {nothing}")
    field.dispatch_event("input")
    page.get_by_text("means nothing").wait_for()


def choose_another_status(page: "Page") -> None:
    page.locator("select#completed").select_option("4")
    page.get_by_text("Of the saved choices.").wait_for()


TEAMS = f"{JIRA}/field-values/1"
FIELD_VALUES = [
    Row("settings-with-values", JIRA, state=field_values),
    Row("settings-values-none", JIRA, state=checked(CheckState.READY)),
    Row("settings-values-wrong", JIRA, state=field_values, act=empty_the_first),
    Row("settings-adding-a-field", JIRA, state=field_values, act=look_for_a_field),
    Row("settings-choosing-a-person", JIRA, state=field_values, act=look_for_a_person),
    Row("settings-many-fields", JIRA, state=four_hundred_fields, act=look_for_a_field),
    Row("settings-typed-token", JIRA, state=field_values, act=type_a_token),
    Row("settings-status-unsaved", JIRA, state=statuses, act=choose_another_status),
    Row("settings-values-unanswered", JIRA, state=unanswered),
    Row("field-values", TEAMS, state=of_a_team),
    Row("field-values-wrong", TEAMS, state=of_a_team, act=empty_the_teams_first),
]
