"""`flask doctor` and `flask jira explain`: both only look."""

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from app.operations.doctor import examination
from app.operations.doctor.finding import exit_code

jira_group = AppGroup("jira", help="What stands between action items and Jira.")


def init_app(app: Flask) -> None:
    app.cli.add_command(doctor)


@click.command("doctor")
@with_appcontext
@click.pass_context
def doctor(context: click.Context) -> None:
    """Look at all that this installation stands on, and say how to mend what is wrong.

    A line each, green, amber or red. Ends with 0 if all is green, with 1 if anything is red, else
    with 2. Writes nothing, and asks Atlassian three times.
    """
    found = []
    for finding in examination.findings():
        found.append(finding)
        click.echo(str(finding))
    context.exit(exit_code(found))
