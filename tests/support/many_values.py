"""An organization of twenty teams, each with a project of its own and thirteen field values."""

from app.extensions import db
from app.models import (
    JiraConnection,
    JiraIssueType,
    JiraSettings,
    MappingValue,
    ProjectMapping,
)
from tests.support import factories
from tests.support.acme import acme
from tests.support.remembered import remember_jira

TEAMS, VALUES = 20, 13
STATUSES = (("1", "To Do", "new"), ("2", "In Progress", "indeterminate"), ("3", "Done", "done"))


def twenty_teams(*, teams: int = TEAMS) -> JiraConnection:
    """All of them choose, beside the default and the teams that there are. Not committed."""
    connection = remember_jira()
    connection.resolutions = [{"id": "1", "name": "Done"}, {"id": "2", "name": "Won’t Do"}]
    screen = [_field(number) for number in range(VALUES)]
    for row in db.session.query(JiraIssueType):
        row.fields = [*(row.fields or []), *screen]
        row.statuses = [
            {"id": known, "name": name, "category": category} for known, name, category in STATUSES
        ]
    settings = acme().settings or JiraSettings(organization=acme())
    settings.per_team_overrides = True
    db.session.add_all([settings, _mapping(None)])
    add_teams(teams)
    return connection


def add_teams(count: int) -> None:
    """So many more."""
    already = len(acme().teams)
    for number in range(count):
        team = factories.team(acme(), f"Team number {already + number}")
        db.session.add(_mapping(team.id))
    db.session.flush()


def _field(number: int) -> dict[str, object]:
    return {
        "id": f"customfield_{10300 + number}",
        "name": f"Question {number} of the quarter",
        "required": False,
        "has_default": False,
        "type": "string",
        "items": "",
        "what": "textfield",
        "settable": True,
        "supported": True,
        "fingerprint": "textfield/string/",
    }


def _mapping(team_id: int | None) -> ProjectMapping:
    mapping = ProjectMapping(
        organization_id=acme().id,
        team_id=team_id,
        cloud_id="cloud-1",
        project_id="10000",
        project_key="PLAT",
        project_name="Platform Engineering",
        issue_type_id="1",
        issue_type_name="Task",
        values_as_default=False,
        completed_status_id="3",
        completed_status_name="Done",
    )
    mapping.values = [
        MappingValue(
            field_id=f"customfield_{10300 + number}",
            name=f"Question {number} of the quarter",
            kind="text",
            fingerprint="textfield/string/",
            value=f"What {{team}} answered in {{retrospective}}, number {number}",
            position=number,
        )
        for number in range(VALUES)
    ]
    return mapping
