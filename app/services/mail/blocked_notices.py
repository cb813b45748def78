"""Owner and Admins are told once when a project or issue type stops taking action items.

By e-mail when the nightly check found it; whoever asked for a check reads the answer on the page.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, Mail, MailKind, ProjectMapping
from app.models.holding import hold
from app.services.mail import admin_letters, moments, outbox
from app.services.mail.content import Content
from app.services.mapping import blocked
from app.services.owed import mails

# One e-mail for all that a night finds; what cannot be checked for long holds nothing up.
PATIENCE = timedelta(minutes=10)


def owed_connections(now: datetime) -> list[int]:
    """The ids of connections with a blocked mapping that is untold at `now` (aware UTC).

    None without a way to send e-mail: it is then told once there is one.
    """
    return sorted(set(db.session.scalars(untold(now)))) if outbox.is_set_up() else []


def untold(now: datetime) -> Select[int]:
    """The same, to be selected; an id may come several times."""
    other = aliased(ProjectMapping)
    being_checked = select(other.id).where(
        other.organization_id == JiraConnection.organization_id, other.check_wanted_at.is_not(None)
    )
    found = blocked.blocked().where(
        ProjectMapping.blocked_mailed_at.is_(None),
        or_(ProjectMapping.checked_at <= now - PATIENCE, ~being_checked.exists()),
    )
    # With DISTINCT or an order, a database would begin with all connections.
    return found.with_only_columns(JiraConnection.id)


def write(connection_id: int) -> None:
    """Owe the e-mail about what is blocked, unless that was done or nothing is.

    The marks and the e-mail are committed together: of several that try, one writes.
    """
    now = utcnow()
    if connection_id not in owed_connections(now):
        return
    connection = hold(connection_id)
    assert connection is not None
    found = blocked.of_connection(connection_id)
    untold = [mapping for mapping in found if mapping.blocked_mailed_at is None]
    if not untold:
        return
    for mapping in untold:
        mapping.blocked_mailed_at = now
    mails.owe(MailKind.BLOCKED, connection, [mapping.id for mapping in untold])


def content(mail: Mail) -> Content | None:
    """What there is to tell of the mappings that it is about; None when none is blocked any more.

    What turned red anew since is the matter of a later e-mail.
    """
    connection = db.session.get_one(JiraConnection, mail.connection_id)
    found = [
        mapping
        for mapping in blocked.of_connection(connection.id)
        if mapping.id in mail.row_ids and _belongs_to(mail, mapping)
    ]
    if not found:
        return None
    keys = " and ".join(dict.fromkeys(mapping.project_key for mapping in found))
    name = connection.organization.name
    return Content(
        subject=f"{name}: action items cannot become issues in {keys}",
        context={
            **admin_letters.names(connection),
            "mappings": found,
            "checked": moments.for_admins(connection.organization, _checked_at(found)),
        },
    )


def _belongs_to(mail: Mail, mapping: ProjectMapping) -> bool:
    return mapping.blocked_mailed_at is not None and mapping.blocked_mailed_at <= mail.created_at


def _checked_at(mappings: Sequence[ProjectMapping]) -> datetime:
    return max(mapping.checked_at or utcnow() for mapping in mappings)
