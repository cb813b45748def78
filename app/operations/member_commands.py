"""`flask members …`: who is in an organization, for when no admin of it can be asked."""

import shlex

import click
from flask import Flask
from flask.cli import AppGroup

from app.commands import membership_of, organization_of, saved, user_of
from app.models import Organization, Role, User
from app.services.departures import leaving, legacies
from app.services.departures.leaving import Choices
from app.services.departures.legacies import Legacy
from app.services.labels import plural
from app.services.mail import outbox
from app.services.organizations import invitations, memberships, teams

ROLES = click.Choice([Role.ADMIN.value, Role.MEMBER.value])

members_group = AppGroup("members", help="List, invite and remove members, change their roles.")


def init_app(app: Flask) -> None:
    app.cli.add_command(members_group)


@members_group.command("list")
@click.argument("slug")
def list_members(slug: str) -> None:
    """Print who is in the organization SLUG: role, address, name and teams, the Owner first."""
    organization = organization_of(slug)
    rows_of, ranks = teams.by_person(organization), list(Role)
    for each in sorted(organization.memberships, key=lambda m: (ranks.index(m.role), m.user.email)):
        own = [
            f"{row.team.name} (facilitates)" if row.facilitator else row.team.name
            for row in rows_of.get(each.user_id, [])
        ]
        words = [each.role.value, each.user.email, each.user.name, ", ".join(own)]
        click.echo("\t".join(words).rstrip())


@members_group.command("invite")
@click.argument("slug")
@click.argument("email")
@click.option("--role", type=ROLES, default="member")
def invite_member(slug: str, email: str, role: str) -> None:
    """Ask EMAIL to join the organization SLUG, in the name of its Owner."""
    organization = organization_of(slug)
    owner = organization.owner.user
    saved(
        lambda: invitations.invite(
            organization, email=email, role=Role(role), team_ids=[], by=owner
        )
    )
    click.echo(f"{email} is invited to {organization.name} by {owner.name}, for 7 days.")
    if not outbox.is_set_up():
        click.echo(f"No e-mail is sent: flask invitations link {slug} {shlex.quote(email)}")


@members_group.command("role")
@click.argument("slug")
@click.argument("email")
@click.argument("role", type=ROLES)
def change_role(slug: str, email: str, role: str) -> None:
    """Make EMAIL an admin or a member of the organization SLUG."""
    membership = membership_of(organization_of(slug), user_of(email))
    saved(lambda: memberships.change_role(membership, Role(role), None))
    click.echo(f"{membership.user.name} is {membership.role.value} of {slug}.")


@members_group.command("remove")
@click.argument("slug")
@click.argument("email")
@click.option("--hand-to", "heir", help="Who gets their open action items; in each of the teams.")
@click.option("--facilitator", "successor", help="Who facilitates where nobody else does.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove_member(
    slug: str, email: str, heir: str | None, successor: str | None, yes: bool
) -> None:
    """Remove EMAIL from the organization SLUG. Says first what is theirs, and asks."""
    organization = organization_of(slug)
    membership = membership_of(organization, user_of(email))
    name, left = membership.user.name, legacies.legacies_of(membership, None)
    for each in left:
        _say(each)
    choices = Choices(
        heirs=_by_team([each for each in left if each.items], heir, organization),
        successors=_by_team([each for each in left if each.alone], successor, organization),
    )
    if not yes:
        click.confirm(f"Remove {name} from {organization.name}?", abort=True)
    alone = saved(lambda: leaving.remove(membership, None, choices))
    click.echo(f"{name} is no longer a member of {organization.name}.")
    for team in alone:
        click.echo(f"Nobody facilitates {team.name} any more.")


def _say(legacy: Legacy) -> None:
    if legacy.items:
        count = plural(len(legacy.items), "open action item")
        click.echo(f"{legacy.team.name}: {count} of theirs; to hand over: --hand-to ADDRESS")
    if legacy.alone:
        click.echo(f"{legacy.team.name}: nobody else facilitates it; --facilitator ADDRESS")


def _by_team(left: list[Legacy], email: str | None, organization: Organization) -> dict[int, int]:
    """The same person in each team, if one was named."""
    if email is None:
        return {}
    user: User = membership_of(organization, user_of(email)).user
    return {legacy.team.id: user.id for legacy in left}
