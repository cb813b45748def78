"""`flask doctor` and `flask jira explain`: both only look."""

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from app.clock import utcnow
from app.extensions import db, writing
from app.operations.doctor import examination
from app.operations.doctor.finding import exit_code
from app.operations.explaining import report

jira_group = AppGroup("jira", help="What stands between action items and Jira.")


def init_app(app: Flask) -> None:
    app.cli.add_command(doctor)
    app.cli.add_command(jira_group)


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


@jira_group.command("explain")
@click.argument("key_or_item")
def explain(key_or_item: str) -> None:
    """Say what is known of KEY_OR_ITEM, in order, and what comes next, and when.

    The key or id of an issue, or the id of an action item. Only reads, and asks Jira nothing.
    """
    before = writing.set(False)
    try:
        _explain(key_or_item)
    finally:
        db.session.rollback()
        writing.reset(before)


def _explain(key_or_item: str) -> None:
    found = report.links_of(key_or_item)
    if not found:
        raise click.ClickException(
            f"No action item was ever linked to {key_or_item!r}. One that was not committed has no "
            "link."
        )
    for link in found:
        click.echo("\n".join(report.lines(link, utcnow())))
