"""Connecting an organization to a Jira site, at once or after somebody has chosen."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ConnectionState,
    JiraConnection,
    JiraFieldOptions,
    JiraIssueType,
    JiraPerson,
    JiraProject,
    JiraSettings,
    Organization,
    PendingGrant,
    ProjectMapping,
    StopReason,
    User,
    WorkKind,
)
from app.models.holding import hold_of
from app.queue import REFRESH_METADATA, ring_after_commit
from app.services import audit
from app.services.backfill import runs
from app.services.connection import resume
from app.services.connection.consent import ConnectingFailed, Granted, Site
from app.services.grants import site_names
from app.services.outbound import connection_state
from app.services.owed import reconciliations, webhook_upkeep
from app.services.people import substitute
from app.services.restoring import on_hold
from app.services.webhooks import owed

CHOICE_LASTS = timedelta(minutes=15)


def settle(organization: Organization, user: User, granted: Granted) -> JiraConnection | None:
    """Connect when there is nothing to decide; else hold the grant and return None.

    There is something to decide when more than one site is left, or when the only one is not the
    site whose projects were chosen before.
    """
    _lock(organization)
    if len(granted.sites) == 1 and not replaces(organization, granted.sites[0]):
        _drop_grant(organization)
        return _connect(organization, user, granted, granted.sites[0])
    _hold(organization, user, granted)
    return None


def waiting_grant(organization: Organization) -> PendingGrant | None:
    """The grant that waits for its person to choose, unless it has expired."""
    return db.session.scalar(
        select(PendingGrant).where(
            PendingGrant.organization_id == organization.id, PendingGrant.expires_at > utcnow()
        )
    )


def sites_of(pending: PendingGrant) -> list[Site]:
    """The sites that are left to choose from."""
    return [Site(**site) for site in pending.sites]


def replaces(organization: Organization, site: Site) -> bool:
    """Whether connecting `site` would turn away from another site that was in use."""
    connection = organization.connection
    return connection is not None and connection.cloud_id != site.cloud_id


def choose_site(organization: Organization, user: User, site: Site) -> JiraConnection:
    """Finish connecting with one of the sites of the grant that waits.

    Raises `ConnectingFailed` when the grant has expired meanwhile, or is somebody else's.
    """
    _lock(organization)
    pending = waiting_grant(organization)
    # Another admin's grant may have taken the place of the one that this person was shown.
    own = pending is not None and pending.user_id == user.id
    if pending is None or not own or site not in sites_of(pending):
        raise ConnectingFailed("This sign-in at Atlassian has expired. Connect again.")
    granted = Granted(
        access_token=pending.access_token,
        refresh_token=pending.refresh_token,
        access_expires_at=pending.access_expires_at,
        account_id=pending.account_id,
        account_name=pending.account_name,
        sites=(site,),
    )
    db.session.delete(pending)
    return _connect(organization, user, granted, site)


def cancel(organization: Organization) -> None:
    """Forget the grant that waits."""
    _lock(organization)
    _drop_grant(organization)


def delete_expired_grants(now: datetime) -> int:
    """Delete the grants nobody chose a site for, and return how many. `now` is aware UTC."""
    expired = delete(PendingGrant).where(PendingGrant.expires_at <= now)
    return cast("CursorResult[Any]", db.session.execute(expired)).rowcount


def _lock(organization: Organization) -> None:
    """One at a time: an organization has no connection row to lock before its first."""
    db.session.execute(
        select(Organization.id).where(Organization.id == organization.id).with_for_update()
    )


def _hold(organization: Organization, user: User, granted: Granted) -> None:
    _drop_grant(organization)
    db.session.add(
        PendingGrant(
            organization_id=organization.id,
            user_id=user.id,
            access_token=granted.access_token,
            refresh_token=granted.refresh_token,
            access_expires_at=granted.access_expires_at,
            account_id=granted.account_id,
            account_name=granted.account_name,
            sites=[site.as_json() for site in granted.sites],
            expires_at=utcnow() + CHOICE_LASTS,
        )
    )
    db.session.flush()


def _drop_grant(organization: Organization) -> None:
    db.session.execute(delete(PendingGrant).where(PendingGrant.organization_id == organization.id))


def _connect(
    organization: Organization, user: User, granted: Granted, site: Site
) -> JiraConnection:
    connection = hold_of(organization)
    action = "jira.connected" if connection is None else "jira.reconnected"
    if connection is None:
        connection = JiraConnection(organization=organization, generation=0)
        on_hold.connected(connection)
        db.session.add(connection)
    elif connection.cloud_id != site.cloud_id:
        runs.stop_with_connection(connection, StopReason.OTHER_SITE, user)
        _leave_site(connection)
    else:
        site_names.follow(connection, site.name, site.url)
    if connection.id is not None:
        on_hold.connected(connection)
    resumes = connection.state is ConnectionState.DISCONNECTED
    _store(connection, user, granted, site)
    db.session.flush()
    db.session.expire(connection, ["mappings"])  # perhaps of the site that was left
    if resumes:
        resume.resume(connection)
    _ensure_settings(organization)
    _owe_everything(connection)
    _owe_webhooks(connection)
    audit.record(
        organization,
        user,
        action,
        cloud_id=site.cloud_id,
        site_url=site.url,
        account_id=granted.account_id,
    )
    ring_after_commit(connection.id)
    ring_after_commit(connection.id, REFRESH_METADATA)
    return connection


def _store(connection: JiraConnection, user: User, granted: Granted, site: Site) -> None:
    """Put the new grant in place of whatever was there.

    The generation grows and the refresh lease is taken away in one statement: a refresh that is
    under way for the old grant finds neither its lease nor its generation, and stores nothing.
    """
    now = utcnow()
    connection.generation += 1
    connection.refresh_lease_id = connection.refresh_lease_until = None
    connection.refresh_unknown_since = None
    connection.access_token = granted.access_token
    connection.refresh_token = granted.refresh_token
    connection.access_expires_at = granted.access_expires_at
    connection.refreshed_at = now
    connection.cloud_id, connection.site_url = site.cloud_id, site.url
    connection.site_name = site.name
    connection.account_id, connection.account_name = granted.account_id, granted.account_name
    connection.connected_at, connection.connected_by_id = now, user.id
    connection.disconnected_at = connection.disconnected_by_id = None
    connection.state, connection.state_changed_at = ConnectionState.CONNECTED, now
    connection.works[WorkKind.NOTICES].due_at = None
    connection.works[WorkKind.GRANT].settle()


def _leave_site(connection: JiraConnection) -> None:
    """What was remembered of the other site means nothing on the new one; links keep theirs.

    What gave up in an outage there goes out as soon as that site is connected again.
    """
    connection_state.end_outage(connection)
    forget_metadata(connection)
    owed.forget(connection)
    connection.paused_until = connection.near_limit_until = None
    connection.last_sync_at = None


def forget_metadata(connection: JiraConnection) -> None:
    """Forget the projects, issue types and people that were read from the connection's site."""
    substitute.forget(connection.id)
    for table in (JiraProject, JiraIssueType, JiraFieldOptions, JiraPerson):
        db.session.execute(delete(table).where(table.connection_id == connection.id))
    connection.projects_fetched_at = connection.resolutions = None
    connection.works[WorkKind.METADATA].due_at = None
    people = connection.works[WorkKind.PEOPLE]
    people.due_at = people.error = None
    db.session.flush()


def _ensure_settings(organization: Organization) -> None:
    if organization.settings is None:
        db.session.add(JiraSettings(organization=organization))


def _owe_everything(connection: JiraConnection) -> None:
    """Project list, people and every check are owed anew: another account may see others."""
    now = utcnow()
    people = connection.works[WorkKind.PEOPLE]
    people.due_at, people.error = now, None
    reading = connection.works[WorkKind.METADATA]
    reading.due_at = now
    reading.settle()
    # Whoever reads for the old account is not waited for; what it finds is not written down.
    reading.free()
    db.session.execute(
        update(ProjectMapping)
        .where(ProjectMapping.is_on_site_of(connection))
        .values(check_wanted_at=now, check_unasked=False)
    )


def _owe_webhooks(connection: JiraConnection) -> None:
    """Jira's webhooks are compared with what is desired, and what was missed is looked for."""
    owed.forget_other_registrations(connection)
    webhook_upkeep.owe_upkeep(connection)
    if connection.works[WorkKind.READING].due_at is not None:
        reconciliations.owe(connection, utcnow())
