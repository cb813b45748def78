"""Commands for the operator of an installation: `flask organizations create …` and others."""

import shlex
from collections.abc import Callable
from typing import Any, TypeVar

import click
from flask import Flask
from flask.cli import AppGroup

from app.extensions import db
from app.models import (
    Membership,
    Organization,
    Plan,
    Role,
    Team,
    User,
)
from app.services import audit
from app.services.errors import UnpackError
from app.services.labels import plural
from app.services.organizations import (
    accounts,
    invitations,
    memberships,
    one_time_links,
    organizations,
    ownership,
    permissions,
    single_sign_on,
    teams,
)
from app.services.sign_in import user_sessions

Result = TypeVar("Result")

organizations_group = AppGroup("organizations", help="Create organizations, and hand them over.")
users_group = AppGroup("users", help="Create people, and links for their passwords.")
invitations_group = AppGroup("invitations", help="Links of invitations.")
teams_group = AppGroup("teams", help="Create teams and fill them.")


def init_app(app: Flask) -> None:
    for group in (organizations_group, users_group, invitations_group, teams_group):
        app.cli.add_command(group)


@organizations_group.command("create")
@click.argument("name")
@click.option("--slug", required=True, help="Its address: small letters, digits, hyphens.")
@click.option("--owner", required=True, help="E-mail address of the Owner, who exists already.")
@click.option("--plan", type=click.Choice([plan.value for plan in Plan]), default="free")
def create_organization(name: str, slug: str, owner: str, plan: str) -> None:
    """Create the organization NAME with its Owner."""
    user = user_of(owner)
    organization = saved(lambda: organizations.create_organization(name, slug, user, Plan(plan)))
    click.echo(f"Created {organization.name}: /organizations/{organization.slug}")


@organizations_group.command("transfer")
@click.argument("slug")
@click.argument("email")
def transfer_organization(slug: str, email: str) -> None:
    """Make EMAIL, who is a member, the Owner of SLUG, such as when the Owner is gone.

    The Owner so far becomes an Admin, and both are told by e-mail.
    """
    member = membership_of(organization_of(slug), user_of(email))
    before = saved(lambda: ownership.transfer(member))
    click.echo(f"{member.user.name} ({member.user.email}) owns {member.organization.name}.")
    click.echo(
        f"{before.name} ({before.email}) is an Admin. To take that away, too: "
        f"flask members remove {slug} {shlex.quote(before.email)}"
    )


@users_group.command("create")
@click.argument("email")
@click.argument("name")
@click.option("--organization", "slug", help="Slug of an organization to join.")
@click.option("--role", type=click.Choice(["admin", "member"]), default="member")
def create_user(email: str, name: str, slug: str | None, role: str) -> None:
    """Create the person NAME who signs in with EMAIL, and print the link for their password."""
    organization = organization_of(slug) if slug else None

    def create() -> tuple[User, str]:
        user = accounts.create_user(email, name)
        if organization is not None:
            memberships.add_member(organization, user, Role(role), None)
        return user, one_time_links.for_password(user)

    user, link = saved(create)
    click.echo(f"Created {user.name} <{user.email}>")
    _print_link(link, user)


@users_group.command("link")
@click.argument("email")
def link_user(email: str) -> None:
    """Print a link with which EMAIL sets a password. It works once, and for an hour.

    Pass it on to that person alone: whoever opens it has the account.
    """
    user = user_of(email)

    def link() -> str:
        record_for(user, "password-link-printed")
        return one_time_links.for_password(user)

    _print_link(saved(link), user)


@users_group.command("untie")
@click.argument("email")
def untie_user(email: str) -> None:
    """Forget with which account of the identity provider the person with EMAIL signs in."""
    user = user_of(email)

    def untie() -> int:
        count = single_sign_on.untie(user)
        if count:
            record_for(user, "identity-untied")
        return count

    count = saved(untie)
    click.echo(f"Forgot {plural(count, 'account')} at the identity provider of {user.email}.")


@users_group.command("end-sessions")
@click.argument("email")
def end_sessions(email: str) -> None:
    """Sign EMAIL out everywhere, such as after a browser was lost. The password stays."""
    user = user_of(email)

    def end() -> int:
        ended = user_sessions.end_all_of(user)
        if ended:
            record_for(user, "sessions-ended", sessions=ended)
        return ended

    ended = saved(end)
    click.echo(f"{plural(ended, 'session')} of {user.email} ended")


@invitations_group.command("link")
@click.argument("slug")
@click.argument("email")
def link_invitation(slug: str, email: str) -> None:
    """Print a link that opens the invitation of EMAIL into the organization SLUG.

    Pass it on to that person alone, never to who invited them: whoever opens it makes the account.
    """
    organization = organization_of(slug)
    invitation = invitations.find_open(organization, email)
    if invitation is None:
        raise click.ClickException(
            f"{organization.name} has no open invitation for {email!r}. An admin sends one (again) "
            "on the Members page."
        )

    def print_it() -> str:
        audit.record(organization, None, "invitation-link-printed", invitation=invitation.id)
        return one_time_links.for_invitation(invitation)

    link = saved(print_it)
    click.echo(f"For {invitation.email} alone, until {invitation.ends_at:%-d %B %Y, %H:%M} UTC:")
    click.echo(link)


@teams_group.command("create")
@click.argument("slug")
@click.argument("name")
def create_team(slug: str, name: str) -> None:
    """Create the team NAME in the organization SLUG."""
    organization = organization_of(slug)
    team = saved(lambda: teams.create_team(organization, name, None))
    click.echo(f"Created {team.name} in {organization.name}")


@teams_group.command("add-member")
@click.argument("slug")
@click.argument("team_name")
@click.argument("email")
@click.option("--facilitator", is_flag=True, help="The person facilitates the team.")
def add_team_member(slug: str, team_name: str, email: str, facilitator: bool) -> None:
    """Put EMAIL into the team TEAM_NAME of the organization SLUG."""
    team, user = _team(organization_of(slug), team_name), user_of(email)
    saved(lambda: teams.add_team_member(team, user, facilitator=facilitator, by=None))
    click.echo(f"{user.name} is in {team.name}" + (" and facilitates" if facilitator else ""))


def record_for(user: User, action: str, **details: Any) -> None:
    """In the history of each organization that the person is in."""
    for membership in user.memberships:
        audit.record(membership.organization, None, action, member=user.id, **details)


def _print_link(link: str, user: User) -> None:
    click.echo(f"For {user.email} alone, for an hour:")
    click.echo(link)


def saved(action: Callable[[], Result]) -> Result:
    """Do it and commit; what cannot be done is said in its sentence."""
    try:
        result = action()
    except UnpackError as error:
        raise click.ClickException(error.sentence) from None
    db.session.commit()
    return result


def organization_of(slug: str) -> Organization:
    """The organization that was named, or an end with a sentence."""
    organization = organizations.find_by_slug(slug)
    if organization is None:
        raise click.ClickException(f"There is no organization with the slug {slug!r}.")
    return organization


def user_of(email: str) -> User:
    """The person that was named, or an end with a sentence."""
    user = accounts.find_by_email(email)
    if user is None:
        raise click.ClickException(
            f"Nobody has the address {email!r}. `flask users create` adds people."
        )
    return user


def membership_of(organization: Organization, user: User) -> Membership:
    """The person's membership, or an end with a sentence."""
    membership = permissions.membership_in(user, organization.id)
    if membership is None:
        raise click.ClickException(f"{user.email} is no member of {organization.name}.")
    return membership


def _team(organization: Organization, name: str) -> Team:
    team = next((team for team in organization.teams if team.name == name), None)
    if team is None:
        raise click.ClickException(f"{organization.name} has no team {name!r}.")
    return team
