"""The table of design.md §1: who may do what. Pure: rows in, yes or no out.

Owner and Admins may everything in their organization, a team's facilitators everything in their
team, its members add action items and edit and complete their own and those assigned to them.
Nobody else sees anything of a team.
"""

from enum import IntEnum

from app.models import (
    ActionItem,
    Membership,
    Organization,
    Retrospective,
    Role,
    Team,
    TeamMember,
    User,
)


class TeamAccess(IntEnum):
    """What somebody is to a team; more may do more."""

    NONE = 0
    MEMBER = 1
    FACILITATOR = 2
    ADMIN = 3


def membership_in(user: User, organization_id: int) -> Membership | None:
    """The person's membership in that organization, if there is one."""
    return next((m for m in user.memberships if m.organization_id == organization_id), None)


def access_to(user: User, team: Team) -> TeamAccess:
    """What `user` is to `team`."""
    membership = membership_in(user, team.organization_id)
    if membership is None or membership.role.administers:
        return access_of(membership, None)
    return access_of(membership, next((m for m in team.team_members if m.user_id == user.id), None))


def access_of(membership: Membership | None, in_team: TeamMember | None) -> TeamAccess:
    """What somebody is to a team who is these in its organization and in itself. A team member who
    left the organization is nobody."""
    role = membership.role if membership is not None else None
    return access_as(role, in_team.facilitator if in_team is not None else None)


def access_as(role: Role | None, facilitator: bool | None) -> TeamAccess:
    """The same by what these rows say. None: there is no such row."""
    if role is None:
        return TeamAccess.NONE
    if role.administers:
        return TeamAccess.ADMIN
    if facilitator is None:
        return TeamAccess.NONE
    return TeamAccess.FACILITATOR if facilitator else TeamAccess.MEMBER


def may_administer(membership: Membership) -> bool:
    """Connect, configure and disconnect Jira, see the sync log, change the organization."""
    return membership.role.administers


def administers(user: User, organization: Organization) -> bool:
    """Whether the person is the organization's Owner or an Admin."""
    membership = membership_in(user, organization.id)
    return membership is not None and may_administer(membership)


def may_read(user: User, team: Team) -> bool:
    """Read the team's retrospectives and their action items."""
    return access_to(user, team) >= TeamAccess.MEMBER


def may_lead(user: User, team: Team) -> bool:
    """What facilitators do: start retrospectives, move phases, look after all action items."""
    return access_to(user, team) >= TeamAccess.FACILITATOR


def may_move_phases(user: User, retrospective: Retrospective) -> bool:
    """Move it from phase to phase, Commit among them."""
    return may_lead(user, retrospective.team)


def may_add(user: User, retrospective: Retrospective) -> bool:
    """Add an action item. In which phases is the retrospective's business."""
    return may_read(user, retrospective.team)


def may_edit(user: User, item: ActionItem) -> bool:
    """Change what stands in it. Members may where they wrote it or are assigned."""
    return edits_as(access_to(user, item.retrospective.team), user, item)


def edits_as(access: TeamAccess, user: User, item: ActionItem) -> bool:
    """As `may_edit`, of somebody whose access to the item's team is known."""
    own = user.id in {item.created_by_id, item.assignee_id}
    return access >= (TeamAccess.MEMBER if own else TeamAccess.FACILITATOR)


def may_complete(user: User, item: ActionItem) -> bool:
    """Complete it, and open it again."""
    return may_edit(user, item)


def may_assign(user: User, team: Team) -> bool:
    """Say whose the team's action items are."""
    return may_lead(user, team)


def may_carry_over(user: User, retrospective: Retrospective) -> bool:
    """Carry over to it what its team has committed before."""
    return may_lead(user, retrospective.team)


def may_drop(user: User, item: ActionItem) -> bool:
    """Drop it, and take it up again."""
    return may_lead(user, item.retrospective.team)


def may_delete(user: User, item: ActionItem) -> bool:
    """Delete it here; its issue stays in Jira."""
    return may_lead(user, item.retrospective.team)


def may_sync(user: User, item: ActionItem) -> bool:
    """Sync to Jira, link, unlink, create again."""
    return may_lead(user, item.retrospective.team)
