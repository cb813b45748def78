"""Teams: who is in them, who facilitates, and their retrospectives."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from app.extensions import db
from app.models import Organization, Retrospective, Team, TeamMember, User
from app.services import audit
from app.services.errors import UnpackError
from app.services.organizations import memberships, permissions, team_archive


class TeamNameTaken(UnpackError):
    sentence = "Another team already has this name."


class LastFacilitator(UnpackError):
    sentence = "Nobody else facilitates this team."


class NotInOrganization(UnpackError):
    sentence = "Only people of the organization can be in its teams."


def create_team(organization: Organization, name: str, by: User | None) -> Team:
    """Add a team without people. Raises `TeamNameTaken`."""
    name = " ".join(name.split())
    _refuse_taken_name(organization, name, None)
    team = Team(organization=organization, name=name)
    db.session.add(team)
    db.session.flush()
    audit.record(organization, by, "team-created", team=team.id, name=name)
    return team


def rename_team(team: Team, name: str, by: User) -> None:
    """Give the team another name. Raises `TeamNameTaken`."""
    name = " ".join(name.split())
    _refuse_taken_name(team.organization, name, team)
    audit.record(team.organization, by, "team-renamed", team=team.id, before=team.name, after=name)
    team.name = name
    db.session.flush()


def add_team_member(
    team: Team, user: User, *, facilitator: bool, by: User | None, leaves_none: bool = False
) -> TeamMember:
    """Put `user` into the team, or change whether they facilitate. Raises `NotInOrganization`, and
    `LastFacilitator` unless the team may be left without one (`leaves_none`). Holds the
    organization's people."""
    hold(team.organization)
    if permissions.membership_in(user, team.organization_id) is None:
        raise NotInOrganization
    if not facilitator and not leaves_none:
        _refuse_last_facilitator(team, user)
    row = next((row for row in team.team_members if row.user_id == user.id), None)
    before = _part_in_it(row)
    if row is None:
        row = TeamMember(team=team, user=user)
        db.session.add(row)
    row.facilitator = facilitator
    db.session.flush()
    if before != _part_in_it(row):
        audit.record(
            team.organization,
            by,
            "team-member",
            team=team.id,
            member=user.id,
            before=before,
            facilitator=facilitator,
        )
    return row


def remove_team_member(row: TeamMember, by: User, *, leaves_none: bool = False) -> None:
    """Take somebody out of the team. Action items stay assigned to them. Raises `LastFacilitator`
    unless the team may be left without one (`leaves_none`). Holds the organization's people."""
    team = row.team
    hold(team.organization)
    if not leaves_none:
        _refuse_last_facilitator(team, row.user)
    audit.record(
        team.organization,
        by,
        "team-member-removed",
        team=team.id,
        member=row.user_id,
        before=_part_in_it(row),
    )
    team.team_members.remove(row)
    db.session.flush()


def hold(organization: Organization) -> None:
    """Nobody else changes the organization's people, or who is in which of its teams, until the
    transaction ends; both are read anew."""
    memberships.lock(organization)
    db.session.scalars(
        select(Team)
        .where(Team.organization_id == organization.id)
        .options(selectinload(Team.team_members))
        .execution_options(populate_existing=True)
    ).all()


def people_of(team: Team) -> set[User]:
    """Who is in the team and in its organization."""
    inside = {membership.user_id for membership in team.organization.memberships}
    return {row.user for row in team.team_members if row.user_id in inside}


def facilitators_of(team: Team) -> list[User]:
    """Who facilitates the team, and is in its organization."""
    people = people_of(team)
    return [row.user for row in team.team_members if row.facilitator and row.user in people]


def facilitated_by(user: User) -> dict[int, list[Team]]:
    """The teams that the person facilitates, by name, by the id of their organization: each of
    the person's own."""
    found: dict[int, list[Team]] = {each.organization_id: [] for each in user.memberships}
    rows = select(Team).join(TeamMember).where(TeamMember.user_id == user.id)
    for team in db.session.scalars(rows.where(TeamMember.facilitator).order_by(Team.name)):
        if team.organization_id in found:
            found[team.organization_id].append(team)
    return found


def by_person(organization: Organization) -> dict[int, list[TeamMember]]:
    """Who is in which of the organization's teams, by the person's id; teams by name."""
    rows = db.session.scalars(
        select(TeamMember)
        .join(TeamMember.team)
        .where(Team.organization_id == organization.id)
        .options(contains_eager(TeamMember.team))
        .order_by(Team.name)
    )
    found: dict[int, list[TeamMember]] = {}
    for row in rows:
        found.setdefault(row.user_id, []).append(row)
    return found


def visible_teams(user: User, organization: Organization) -> list[Team]:
    """The teams of the organization that `user` may see, by name."""
    return [team for team in organization.teams if permissions.may_read(user, team)]


def led_teams(user: User, organization: Organization) -> list[Team]:
    """The teams for which `user` may start a retrospective, by name."""
    led = (team for team in organization.teams if permissions.may_lead(user, team))
    return [team for team in led if not team.archived]


def start_retrospective(team: Team, *, title: str, held_on: date, by: User) -> Retrospective:
    """Begin a retrospective of the team in Draft; whoever starts it facilitates it.

    Raises `TeamArchived`.
    """
    team_archive.lock(team)
    if team.archived:
        raise team_archive.TeamArchived
    retrospective = Retrospective(
        team=team, title=" ".join(title.split()), held_on=held_on, facilitator=by
    )
    db.session.add(retrospective)
    db.session.flush()
    return retrospective


def _part_in_it(row: TeamMember | None) -> str | None:
    """For the record: what somebody is in the team; None: nothing."""
    if row is None:
        return None
    return "facilitator" if row.facilitator else "member"


def _refuse_last_facilitator(team: Team, user: User) -> None:
    if facilitators_of(team) == [user]:
        raise LastFacilitator


def _refuse_taken_name(organization: Organization, name: str, own: Team | None) -> None:
    taken = db.session.scalar(
        select(Team).where(Team.organization_id == organization.id, Team.name == name)
    )
    if taken is not None and taken is not own:
        raise TeamNameTaken
