"""Leaving an organization, or being removed: what was chosen is handed over first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.extensions import db
from app.models import ActionItem, MailKind, Membership, Organization, Team, User
from app.services import audit
from app.services.departures.legacies import Legacy, legacies_of, open_items
from app.services.errors import UnpackError
from app.services.organizations import memberships, teams
from app.services.owed import mails
from app.services.retrospectives import action_items
from app.services.retrospectives.action_items import ActionItemFields


class NotToBeChosen(UnpackError):
    sentence = "Choose somebody of the list: the team has other people by now."


class AlreadyGone(UnpackError):
    sentence = "This person is no longer a member."


@dataclass(frozen=True)
class Choices:
    """By the team's id: the id of who gets the items, of who facilitates; missing: nobody."""

    heirs: Mapping[int, int] = field(default_factory=dict)
    successors: Mapping[int, int] = field(default_factory=dict)


def remove(membership: Membership, by: User | None, choices: Choices) -> list[Team]:
    """Take the person out, after handing over what was chosen; the rest stays as it is.

    Returns the teams that nobody facilitates any more. Jira follows as after an edit of the owner.
    Whoever gets items is told. Locks the organization, then the items by id. Raises `OwnerStays`,
    `AlreadyGone`, and `NotToBeChosen` where somebody has left since.
    """
    _hold(membership.organization)
    if membership not in membership.organization.memberships:
        raise AlreadyGone
    if membership.role.owns:
        raise memberships.OwnerStays
    legacies = legacies_of(membership, by)
    _refuse_strangers(legacies, choices)
    _hand_over(membership, legacies, choices, by)
    alone = []
    for legacy in legacies:
        if successor := _chosen(legacy.successors, choices.successors.get(legacy.team.id)):
            teams.add_team_member(legacy.team, successor, facilitator=True, by=by)
        elif legacy.alone:
            alone.append(legacy.team)
    memberships.remove_member(membership, by)
    return alone


def leave(membership: Membership, choices: Choices) -> None:
    """As `remove`, by the person. Owner and Admins are told what stays without anybody."""
    organization, person = membership.organization, membership.user
    alone = [team.id for team in remove(membership, person, choices)]
    for each in organization.memberships:
        if each.user_id != person.id and each.role.administers:
            mails.owe(MailKind.MEMBER_LEFT, each.user, [organization.id, person.id, *alone])


def _hold(organization: Organization) -> None:
    """Nobody else changes its people from now on; who they are is read anew."""
    teams.hold(organization)
    db.session.expire(organization, ["memberships", "teams"])


def _refuse_strangers(legacies: Iterable[Legacy], choices: Choices) -> None:
    heirs = {legacy.team.id: legacy.heirs for legacy in legacies}
    successors = {legacy.team.id: legacy.successors for legacy in legacies}
    for people, chosen in ((heirs, choices.heirs), (successors, choices.successors)):
        for team_id, user_id in chosen.items():
            if _chosen(people.get(team_id, []), user_id) is None:
                raise NotToBeChosen


def _hand_over(
    membership: Membership, legacies: Iterable[Legacy], choices: Choices, by: User | None
) -> None:
    heir_of = {
        item.id: heir
        for legacy in legacies
        if (heir := _chosen(legacy.heirs, choices.heirs.get(legacy.team.id)))
        for item in legacy.items
    }
    held = (
        open_items(membership.user_id, membership.organization_id)
        .where(ActionItem.id.in_(heir_of))
        .with_for_update(of=ActionItem)
        .execution_options(populate_existing=True)
    )
    handed: dict[User, list[int]] = {}
    for item in db.session.scalars(held).all():
        heir = heir_of[item.id]
        action_items.edit(item, _owned_by(item, heir), by)
        handed.setdefault(heir, []).append(item.id)
    for heir, ids in handed.items():
        audit.record(
            membership.organization,
            by,
            "items-handed-over",
            member=membership.user_id,
            to=heir.id,
            items=ids,
        )
        if heir is not by:
            mails.owe(MailKind.ITEMS_HANDED_OVER, heir, ids)


def _owned_by(item: ActionItem, heir: User) -> ActionItemFields:
    return ActionItemFields(item.title, item.description, heir.id, item.due_on)


def _chosen(people: Iterable[User], user_id: int | None) -> User | None:
    return next((user for user in people if user.id == user_id), None)
