"""What an owner without a match means: the issue stays unassigned, or a chosen person gets it."""

from sqlalchemy import select, update

from app.extensions import db
from app.models import JiraConnection, JiraSettings, User
from app.services import audit
from app.services.errors import UnpackError


class ConnectionChanged(UnpackError):
    sentence = "Jira was connected anew meanwhile. Search again."


def choose(
    connection: JiraConnection, generation: int, account_id: str, account_name: str, by: User
) -> None:
    """Let the account get the issues of owners who are not matched, from now on.

    `generation` of the connection in which the account was found: another site knows it not.
    Raises ConnectionChanged. Issues that exist already keep their assignee.
    """
    db.session.refresh(connection, with_for_update={"of": JiraConnection})
    if connection.generation != generation:
        raise ConnectionChanged
    _store(connection, account_id, account_name[:255], by)


def leave_unassigned(connection: JiraConnection, by: User) -> None:
    """Leave the issues of owners who are not matched to nobody, from now on."""
    db.session.refresh(connection, with_for_update={"of": JiraConnection})
    _store(connection, None, "", by)


def forget(connection_id: int) -> None:
    """Forget who was chosen: the site is not connected any more, or another one is."""
    organization_id = select(JiraConnection.organization_id).where(
        JiraConnection.id == connection_id
    )
    db.session.execute(
        update(JiraSettings)
        .where(JiraSettings.organization_id == organization_id.scalar_subquery())
        .values(unmatched_account_id=None, unmatched_account_name="")
    )


def chosen_name(connection: JiraConnection) -> str | None:
    """The name of the account that gets such issues; None: they are left unassigned."""
    settings = connection.organization.settings
    if settings is None or settings.unmatched_account_id is None:
        return None
    return settings.unmatched_account_name or settings.unmatched_account_id


def _store(connection: JiraConnection, account_id: str | None, name: str, by: User) -> None:
    settings = connection.organization.settings
    if settings is None:
        settings = JiraSettings(organization=connection.organization)
        db.session.add(settings)
    before = settings.unmatched_account_id
    settings.unmatched_account_id, settings.unmatched_account_name = account_id, name
    if before != account_id:
        # Ids only: a name in the record would outlive the connection.
        audit.record(
            connection.organization,
            by,
            "jira.unmatched-owners-changed",
            before=before,
            after=account_id,
        )
    db.session.flush()
