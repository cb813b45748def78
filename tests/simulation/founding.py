"""The organization that a run begins with: people, teams, retrospectives, Jira connected."""

from collections.abc import Mapping
from datetime import date, timedelta

from app.clock import utcnow
from app.extensions import db
from app.models import (
    CheckState,
    JiraSettings,
    Membership,
    Organization,
    Phase,
    Plan,
    ProjectMapping,
    Retrospective,
    Role,
    Team,
    TeamMember,
    User,
)
from app.services.connection import connect
from app.services.connection.consent import Granted, Site
from app.services.grants import tokens
from demo.jira_cloud.catalog.accounts import by_email
from demo.jira_cloud.catalog.sites import PROJECTS, SITES, issue_types
from demo.jira_cloud.control.verbs import Control

PEOPLE = {
    "owner@acme.test": ("Olga Brandt", Role.OWNER),
    "admin@acme.test": ("Adam Novak", Role.ADMIN),
    "facilitator@acme.test": ("Fatima Said", Role.MEMBER),
    "member1@acme.test": ("Maya Lindqvist", Role.MEMBER),
    "member2@acme.test": ("Tom Becker", Role.MEMBER),  # whom Jira does not know
}
# A second customer on the same site, whose people Jira does not know but for one.
OTHERS = {
    "owner@globex.test": ("Ona Berg", Role.OWNER),
    "ada@acme.test": ("Ada Moreau", Role.ADMIN),
    "member@globex.test": ("Mila Roth", Role.MEMBER),
}
CUSTOMERS = {"Acme": PEOPLE, "Globex": OTHERS}
TEAMS = ("Platform", "Mobile")
RETROSPECTIVES_EACH = 3


def found(name: str, people: Mapping[str, tuple[str, Role]], *, webhooks: bool) -> Organization:
    """Write the rows. The caller commits."""
    organization = Organization(slug=name.lower(), name=name, plan=Plan.PRO)
    db.session.add(organization)
    users = [_join(organization, email, *who) for email, who in people.items()]
    for team_name in TEAMS:
        team = Team(organization=organization, name=team_name)
        team.team_members = [TeamMember(user=user, facilitator=True) for user in users]
        db.session.add(team)
        for number in range(1, RETROSPECTIVES_EACH + 1):
            db.session.add(
                Retrospective(
                    team=team,
                    title=f"{team_name} {number}",
                    phase=Phase.DISCUSS,
                    held_on=date(2026, 11, 24),
                    facilitator=users[-1],
                )
            )
    db.session.flush()
    db.session.add(JiraSettings(organization_id=organization.id, webhooks_enabled=webhooks))
    map_to(organization.id, None, "acme-eng", "PLAT")
    return organization


def _join(organization: Organization, email: str, name: str, role: Role) -> User:
    user = User(email=email, name=name, password_hash="-")  # noqa: S106 - nobody signs in
    db.session.add(Membership(organization=organization, user=user, role=role))
    return user


def map_to(organization_id: int, team_id: int | None, slug: str, key: str) -> None:
    """Choose the project as the form's service does, once Jira has told what there is."""
    project = next(each for each in PROJECTS[slug] if each.key == key)
    kind = issue_types(slug)["Task"]
    db.session.add(
        ProjectMapping(
            organization_id=organization_id,
            team_id=team_id,
            cloud_id=SITES[slug].cloud_id,
            project_id=project.id,
            project_key=project.key,
            project_name=project.name,
            issue_type_id=kind.id,
            issue_type_name=kind.name,
            check_state=CheckState.READY,
        )
    )
    db.session.flush()


def consent(customer: int, control: Control, account: str, slug: str, base_url: str) -> None:
    """Connect as somebody who consents with `account` and picks that site. The caller commits."""
    answer = control.issue_tokens(account)
    person = by_email(account)
    site = SITES[slug]
    scheme, _, host = base_url.partition("://")
    granted = Granted(
        access_token=tokens.encrypt(answer["access_token"]),
        refresh_token=tokens.encrypt(answer["refresh_token"]),
        access_expires_at=utcnow() + timedelta(seconds=answer["expires_in"]),
        account_id=person.id,
        account_name=person.name,
        sites=(Site(site.cloud_id, site.name, f"{scheme}://{slug}.{host}"),),
    )
    organization = db.session.get_one(Organization, customer)
    owner = next(each.user for each in organization.memberships if each.role is Role.OWNER)
    if connect.settle(organization, owner, granted) is None:
        connect.choose_site(organization, owner, granted.sites[0])
