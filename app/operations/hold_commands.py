"""`flask jira hold` and `flask jira release`: after an older database was restored."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import click
from flask.cli import with_appcontext

from app.clock import utcnow
from app.extensions import db
from app.models import Adoption, JiraConnection
from app.models.holding import hold
from app.models.obstacles import obstacle_to_asking
from app.operations.commands import jira_group
from app.services.labels import plural
from app.services.restoring import on_hold
from app.services.restoring.readiness import Waits, waits_for

# Newer than this, the newest row may have been written after the restore.
SUSPICIOUS = timedelta(minutes=5)
_FORMS = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"]


def init_app() -> None:
    """They stand in the group of `flask jira explain`."""
    jira_group.add_command(put_on_hold)
    jira_group.add_command(release)


@click.command("hold")
@click.option(
    "--since",
    type=click.DateTime(_FORMS),
    help="When the backup was made, in UTC; without it, the newest row says so.",
)
@with_appcontext
def put_on_hold(since: datetime | None) -> None:
    """Change nothing in Jira until each connection is released. For a restored, older database.

    To be run while nothing else runs. Signing in, connecting and reading go on; what Jira has and
    this database has forgotten is looked for by the workers, and given back to its action items.
    """
    restored_until = since.replace(tzinfo=UTC) if since else _restored_until()
    if restored_until > utcnow():
        raise click.ClickException("--since is in the future.")
    connections = on_hold.begin(restored_until)
    db.session.commit()
    click.echo(
        f"{plural(len(connections), 'connection')} on hold. Looked for is what Jira got since "
        f"{restored_until:%-d %B %Y, %H:%M} UTC."
    )
    click.echo("Start workers and ticker; `flask doctor` says how far they are. Then:")
    click.echo("    flask jira release")


def _restored_until() -> datetime:
    newest = on_hold.newest_row()
    if newest is None:
        raise click.ClickException("This database is empty: there is nothing to hold.")
    if newest > utcnow() - SUSPICIOUS:
        raise click.ClickException(
            "The newest row is from just now, so it does not tell when the backup was made. Say it "
            "with --since, a little too early rather than too late."
        )
    return newest


@click.command("release")
@click.argument("slug", required=False)
@click.option("--unseen", is_flag=True, help="Although projects that matter cannot be seen.")
@click.pass_context
@with_appcontext
def release(context: click.Context, slug: str | None, unseen: bool) -> None:
    """Let go of the organization SLUG, or of all that are ready, and say which are not.

    Ends with 0 if all that were asked for are let go of, else with 1.
    """
    held = [each for each in on_hold.on_hold() if slug in {None, each.organization.slug}]
    if not held:
        whose = f"{slug!r} is not" if slug else "Nothing is"
        raise click.ClickException(f"{whose} on hold.")
    ids = [each.id for each in held]
    db.session.rollback()
    left = [each for each in ids if not _let_go(each, unseen)]
    context.exit(1 if left else 0)


def _let_go(connection_id: int, unseen: bool) -> bool:
    connection = hold(connection_id, JiraConnection.on_hold_since.is_not(None))
    if connection is None:
        db.session.rollback()
        return True
    name, adoption = connection.organization.slug, on_hold.adoption_of(connection)
    waits = waits_for(connection, adoption, obstacle_to_asking(connection, utcnow()))
    if waits is None or (waits is Waits.VIEW and unseen):
        on_hold.release(connection)
        found = f"{plural(adoption.adopted, 'issue')} given back"
        click.echo(f"{name}: released; {found}{_keys('left alone', adoption.left_alone)}")
        db.session.commit()
        return True
    click.echo(f"{name}: stays on hold; waits for {waits}{_why(adoption, waits)}")
    db.session.rollback()
    return False


def _why(adoption: Adoption, waits: Waits) -> str:
    if waits is Waits.VIEW:
        return f"{_keys('not seen', adoption.unseen_projects)} (or --unseen)"
    return f" ({adoption.error})" if waits is Waits.ANSWER and adoption.error else ""


def _keys(what: str, keys: Sequence[str]) -> str:
    return f"; {what}: {', '.join(keys)}" if keys else ""
