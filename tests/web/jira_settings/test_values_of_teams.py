"""The field values of a team with a project of its own: a page of their own."""

from sqlalchemy import update

from app.extensions import db
from app.models import JiraIssueType, JiraSettings, ProjectMapping
from tests.support.acme import acme, team
from tests.support.atlassian import JIRA
from tests.web.jira_settings.choices import mapping
from tests.web.jira_settings.typed import COLOUR, COMPLETE, PLACE, form, stored, values_of


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
    values.post(JIRA, form(**COMPLETE))
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


def test_what_is_typed_for_a_team_is_not_dropped_while_the_screen_is_unread(values):
    mobile = own_mapping("Mobile")
    page = f"{JIRA}/field-values/{mobile.team_id}"
    db.session.execute(update(JiraIssueType).values(fields=None))
    db.session.commit()

    typed = {"version": mobile.version, "whose": "own", **values_of(**COMPLETE)}
    answer = values.post(page, typed)

    assert "Nothing is saved" in values.get(answer.headers["Location"]).page.text
    assert stored() == {}
