"""`flask users export` and `flask users delete`: a person's data, for when they ask for it."""

import json

import click
from flask import Flask
from flask.cli import with_appcontext

from app.commands import record_for, saved, user_of, users_group
from app.services.departures import account_deletion, personal_data


def init_app(_app: Flask) -> None:
    """Beside the group's other commands."""
    users_group.add_command(export_user)
    users_group.add_command(delete_user)


@click.command("export")
@with_appcontext
@click.argument("email")
def export_user(email: str) -> None:
    """Print all that is stored of EMAIL, as JSON."""
    user = user_of(email)
    kept = personal_data.of(user)
    saved(lambda: record_for(user, "personal-data-exported"))
    click.echo(json.dumps(kept, indent=2, ensure_ascii=False))


@click.command("delete")
@with_appcontext
@click.argument("email")
@click.confirmation_option(prompt="Delete the account for good?")
def delete_user(email: str) -> None:
    """Delete the account of EMAIL. What is shared stays, as a former member's.

    An Owner has to hand the organization over first: flask organizations transfer SLUG EMAIL
    """
    user = user_of(email)
    number = user.id
    saved(lambda: account_deletion.delete(user))
    click.echo(f"{email} is deleted. What is shared is a former member's now (person {number}).")
