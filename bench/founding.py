"""Organizations that are connected to the double, and retrospectives with action items."""

from datetime import datetime, timedelta

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    CheckState,
    ConnectionState,
    JiraConnection,
    Phase,
    Plan,
    ProjectMapping,
    Retrospective,
    Team,
    TeamMember,
    User,
)
from app.services.grants import tokens
from app.services.organizations import accounts, organizations, passwords
from app.services.sign_in import hashing

PASSWORD = "a-password-of-the-bench"  # noqa: S105 - of people who exist for minutes
# Quick to check: how long a hash takes is no line of the bench.
HASH_METHOD = "scrypt:1024:8:1"
DESCRIPTION = """\
Send **5 % of the traffic** to a new release first, and go on only when it is healthy.

1. the pipeline has a `canary` stage between *staging* and *production*
2. it goes back by itself when the error rate rises above 1 %
3. the [runbook](https://wiki.acme.test/canary) says how to stop it by hand
"""


def person(name: str) -> User:
    """Somebody who can sign in with PASSWORD."""
    user = accounts.create_user(f"{name}@bench.test", name.capitalize())
    passwords.keep(user, hashing.make(PASSWORD, HASH_METHOD))
    return user


def organization(number: int, facilitator: User) -> Team:
    """A connected organization, its default project mapped; its one team. Flushes."""
    name = f"organization-{number}"
    found = organizations.create_organization(name, name, facilitator, Plan.PRO)
    team = Team(organization=found, name="Team")
    team.team_members.append(TeamMember(user=facilitator, facilitator=True))
    now = utcnow()
    cloud_id = f"cloud-{number}"
    db.session.add_all(
        [
            team,
            JiraConnection(
                organization=found,
                state=ConnectionState.CONNECTED,
                cloud_id=cloud_id,
                site_url=f"https://site-{number}.atlassian.net",
                site_name=f"Site {number}",
                account_id="service",
                connected_at=now,
                access_token=tokens.encrypt("bench"),
                refresh_token=tokens.encrypt("bench"),
                access_expires_at=now + timedelta(hours=2),
                refreshed_at=now,
            ),
        ]
    )
    db.session.flush()
    db.session.add(mapping_to_platform(found.id, cloud_id, now))
    db.session.flush()
    return team


def mapping_to_platform(organization_id: int, cloud_id: str, now: datetime) -> ProjectMapping:
    """The default of an organization, checked at `now` (aware UTC)."""
    return ProjectMapping(
        organization_id=organization_id,
        cloud_id=cloud_id,
        project_id="10001",
        project_key="PLAT",
        project_name="Platform",
        issue_type_id="10101",
        issue_type_name="Task",
        check_state=CheckState.READY,
        checked_at=now,
    )


def retrospective(team: Team, items: int, owner: User) -> Retrospective:
    """One in Discuss whose action items all have an owner, a description and a due date."""
    today = utcnow().date()
    made = Retrospective(team=team, title=f"Of {items}", phase=Phase.DISCUSS, held_on=today)
    made.action_items = [
        ActionItem(
            title=f"Add a canary stage to pipeline {number}",
            description=DESCRIPTION,
            assignee=owner,
            due_on=today + timedelta(days=14),
            created_by=owner,
        )
        for number in range(items)
    ]
    db.session.add(made)
    db.session.flush()
    return made
