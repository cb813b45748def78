"""Tokens: encrypted in their columns, refreshed by one process at a time (design.md §5)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app
from sqlalchemy import Update, or_, update
from sqlalchemy.orm import Session

from app import chance, clock
from app.clock import utcnow
from app.extensions import db
from app.identifiers import new_public_id
from app.jira.errors import GrantRefused, JiraError, JiraUnauthorized, JiraUnavailable
from app.jira.oauth import AtlassianOAuth
from app.jira.transport import TIMEOUT, Timeout
from app.jira.types import Grant
from app.models import ENDS_WITHOUT_CONSENT, ConnectionState, JiraConnection
from app.services.grants.stopping import stop
from app.services.owed.telling import owe_telling
from app.services.transactions import refuse_open_transaction, rows_changed
from app.services.work.lengths import CLOCKS_APART

EARLY = timedelta(seconds=60)
# Longer than a refresh can take, so that a lease outlives its request.
LEASE_MARGIN = timedelta(seconds=15)
# What the end of the trouble is looked for with, where no new consent is needed.
GRANTED = (ConnectionState.CONNECTED, *ENDS_WITHOUT_CONSENT)
POLL_SECONDS = 0.1
POLL_AT_MOST = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AccessToken:
    """A token that may be used now, and the generation of the connection that it belongs to.

    site_answers: its site was just seen to answer, so that a 404 before Jira is of one request.
    """

    value: str = field(repr=False)
    connection_id: int
    generation: int
    cloud_id: str
    account_id: str
    site_answers: bool = False


def encrypt(text: str) -> str:
    """Encrypt `text` with the newest of TOKEN_ENCRYPTION_KEYS."""
    return _fernet().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """Decrypt with whichever key fits; raises `cryptography.fernet.InvalidToken` if none does."""
    return _fernet().decrypt(text.encode()).decode()


def reencrypt(text: str) -> str:
    """The same secret under the newest key; raises `InvalidToken` if no key fits."""
    return _fernet().rotate(text.encode()).decode()


def is_under_newest_key(text: str) -> bool:
    """Whether the newest key decrypts `text`: then the older ones are not needed for it."""
    try:
        Fernet(current_app.config["TOKEN_ENCRYPTION_KEYS"][0]).decrypt(text.encode())
    except InvalidToken:
        return False
    return True


def oauth(timeout: Timeout = TIMEOUT) -> AtlassianOAuth:
    """The installation's Atlassian app. `timeout`: seconds to connect, and for an answer."""
    config = current_app.config
    return AtlassianOAuth(
        auth_url=config["ATLASSIAN_AUTH_URL"],
        api_url=config["ATLASSIAN_API_URL"],
        client_id=config["JIRA_CLIENT_ID"],
        client_secret=config["JIRA_CLIENT_SECRETS"][0],
        redirect_uri=f"{config['PUBLIC_URL']}/integrations/jira/callback",
        timeout=timeout,
        before_request=refuse_open_transaction,
    )


def access_token_of(connection_id: int, rejected: str | None = None) -> AccessToken:
    """Return a token of the connection that has at least a minute to live.

    Refreshes it first where that is needed, and waits while another process does. `rejected` is
    a token that Atlassian has just turned down: it is refreshed whatever the clock says.
    No transaction may be open. Raises `JiraUnauthorized` when only a reconnect helps, or, with the
    reason `installation`, only the operator (the connection then says so); `JiraUnavailable` when
    Atlassian or the other process did not answer.
    """
    refuse_open_transaction()
    deadline = clock.monotonic() + _lease_length().total_seconds()
    pause = POLL_SECONDS
    while True:
        held = _held(connection_id)
        if held.usable(rejected):
            return held.token
        if not held.being_refreshed and (lease_id := _take_lease(held)):
            return _refresh(held, lease_id)
        if clock.monotonic() > deadline:
            raise JiraUnavailable("refresh")
        # Many may wait: each asks less and less often, so that they do not starve the one.
        clock.sleep(pause * chance.uniform(0.5, 1.0))
        pause = min(pause * 1.5, POLL_AT_MOST)


@dataclass(frozen=True)
class _Held:
    """What the row held when it was read, decrypted."""

    token: AccessToken
    refresh_token: str = field(repr=False)
    expires_at: datetime
    lease_until: datetime | None

    @property
    def being_refreshed(self) -> bool:
        now = utcnow()
        return self.lease_until is not None and now < self.lease_until <= _latest_end(now)

    def usable(self, rejected: str | None) -> bool:
        return self.token.value != rejected and self.expires_at - EARLY > utcnow()


def _held(connection_id: int) -> _Held:
    with _own_session() as session:
        row = session.get_one(JiraConnection, connection_id)
    if row.state not in GRANTED or not row.access_token or not row.refresh_token:
        raise JiraUnauthorized("refresh")
    assert row.access_expires_at is not None
    try:
        value, refresh_token = decrypt(row.access_token), decrypt(row.refresh_token)
    except InvalidToken:
        _say_misconfigured(row.id, row.generation, "tokens that no key decrypts")
        raise JiraUnauthorized("refresh", reason="installation") from None
    token = AccessToken(value, row.id, row.generation, row.cloud_id, row.account_id)
    return _Held(token, refresh_token, row.access_expires_at, row.refresh_lease_until)


def _take_lease(held: _Held) -> str | None:
    """Become the one that refreshes, unless somebody is at it or has just done it."""
    lease_id, now = new_public_id(), utcnow()
    with _own_session() as session:
        taken = rows_changed(
            session,
            update(JiraConnection)
            .where(
                JiraConnection.id == held.token.connection_id,
                JiraConnection.generation == held.token.generation,
                JiraConnection.state.in_(GRANTED),
                JiraConnection.access_expires_at == held.expires_at,
                or_(
                    JiraConnection.refresh_lease_until.is_(None),
                    JiraConnection.refresh_lease_until < now,
                    JiraConnection.refresh_lease_until > _latest_end(now),
                ),
            )
            .values(refresh_lease_id=lease_id, refresh_lease_until=now + _lease_length()),
        )
        session.commit()
    return lease_id if taken == 1 else None


def _refresh(held: _Held, lease_id: str) -> AccessToken:
    try:
        grant = oauth().refresh(held.refresh_token)
    except GrantRefused:
        now = utcnow()
        _give_back(
            held,
            lease_id,
            # Of an unavailable site they were told; that the grant has died is news.
            owe_telling(held.token.connection_id, now),
            state=ConnectionState.NEEDS_RECONNECT,
            state_changed_at=now,
        )
        log.warning("grant refused", extra={"connection_id": held.token.connection_id})
        raise
    except JiraError as error:
        # The token may have been replaced without our hearing of it. Atlassian honours the old
        # one for 10 minutes more (jira-platform.md §1.4), so the next call simply tries it again.
        unknown = {"refresh_unknown_since": utcnow()} if error.outcome_unknown else {}
        _give_back(held, lease_id, **unknown)
        if isinstance(error, JiraUnavailable) and error.misconfigured:
            token = held.token
            _say_misconfigured(token.connection_id, token.generation, "client refused")
            raise JiraUnauthorized("refresh", reason="installation", status=error.status) from error
        raise
    return _keep(held, lease_id, grant)


def _keep(held: _Held, lease_id: str, grant: Grant) -> AccessToken:
    """Commit the new pair before anybody uses it: a lost pair is a lost customer."""
    now = utcnow()
    kept = _give_back(
        held,
        lease_id,
        access_token=encrypt(grant.access_token),
        refresh_token=encrypt(grant.refresh_token or held.refresh_token),
        access_expires_at=now + timedelta(seconds=grant.expires_in),
        refreshed_at=now,
        refresh_unknown_since=None,
    )
    if not kept:
        log.info("refresh overtaken", extra={"connection_id": held.token.connection_id})
        return access_token_of(held.token.connection_id)
    old = held.token
    return AccessToken(
        grant.access_token, old.connection_id, old.generation, old.cloud_id, old.account_id
    )


def _give_back(held: _Held, lease_id: str, *more: Update, **values: object) -> bool:
    """Release the lease, store `values` and do `more`, unless the grant was replaced meanwhile."""
    with _own_session() as session:
        changed = rows_changed(
            session,
            update(JiraConnection)
            .where(
                JiraConnection.id == held.token.connection_id,
                JiraConnection.generation == held.token.generation,
                JiraConnection.refresh_lease_id == lease_id,
            )
            .values(refresh_lease_id=None, refresh_lease_until=None, **values),
        )
        for statement in more if changed else ():
            session.execute(statement)
        session.commit()
    return changed == 1


def _say_misconfigured(connection_id: int, generation: int, why: str) -> None:
    """Let the connection say that the operator must act, and its admins be told so once."""
    with _own_session() as session:
        if stop(session, connection_id, generation, ConnectionState.MISCONFIGURED):
            log.error("misconfigured", extra={"connection_id": connection_id, "why": why})
        session.commit()


@contextmanager
def _own_session() -> Iterator[Session]:
    """A short session beside the caller's, so that the pair is committed whatever happens there."""
    with Session(db.engine) as session:
        yield session


def _latest_end(now: datetime) -> datetime:
    """When a lease that is held at `now` (aware UTC) ends at the latest; see `work/lengths`."""
    return now + _lease_length() + CLOCKS_APART


def _lease_length() -> timedelta:
    return timedelta(seconds=float(current_app.config["JIRA_TIMEOUT"])) + LEASE_MARGIN


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in current_app.config["TOKEN_ENCRYPTION_KEYS"]])
