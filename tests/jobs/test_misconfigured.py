"""What only the operator can mend: a wrong client secret, and tokens that no key decrypts."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState, LinkState
from tests.jobs.looking import look
from tests.jobs.telling import TOLD, mails, tell
from tests.support import settings

WRONG_KEY = Fernet.generate_key().decode()


@pytest.fixture
def expired(acme):
    """Acme's access token has ended, and five action items are due."""
    acme.jira.control.expire_access_tokens()
    acme.connection.access_expires_at = utcnow() - timedelta(minutes=1)
    acme.commit_items()
    return acme


def states(acme) -> set[LinkState]:
    db.session.expire_all()
    return {link.state for link in acme.links}


@pytest.mark.both_databases
def test_a_wrong_client_secret_is_the_operators_and_costs_no_item_a_try(expired, drain):
    expired.jira.control.client(client_secret="rotated")

    drain()

    assert expired.connection.state is ConnectionState.MISCONFIGURED
    assert states(expired) == {LinkState.WAITING}
    assert {link.tries for link in expired.links} == {0}


def test_it_ends_by_itself_once_the_secret_is_right(expired, drain):
    expired.jira.control.client(client_secret="rotated")
    drain()
    expired.jira.control.client(client_secret=settings.CLIENT_SECRET)

    look(expired, timedelta(seconds=61))
    drain()

    assert expired.connection.connected
    assert len(expired.issues()) == 5


def test_tokens_that_no_key_decrypts_stop_the_connection_and_crash_nothing(app, expired, drain):
    right = app.config["TOKEN_ENCRYPTION_KEYS"]
    app.config["TOKEN_ENCRYPTION_KEYS"] = [WRONG_KEY]

    drain()
    assert expired.connection.state is ConnectionState.MISCONFIGURED
    look(expired, timedelta(seconds=61))
    assert expired.connection.state is ConnectionState.MISCONFIGURED

    app.config["TOKEN_ENCRYPTION_KEYS"] = right
    look(expired, timedelta(minutes=4))
    drain()
    assert expired.connection.connected
    assert len(expired.issues()) == 5


def test_owner_and_admins_are_told_of_it_once(expired, drain):
    expired.jira.control.client(client_secret="rotated")
    drain()
    tell(expired.connection.id)
    look(expired, timedelta(seconds=61))

    tell(expired.connection.id)

    [mail] = mails()
    assert mail.recipients == TOLD
    assert "set up wrongly" in mail.text


@pytest.mark.parametrize("has_expired", [True, False])
def test_its_disconnect_works(app, acme, signed_in, has_expired):
    """Also where its webhooks would be deleted with a token that is good in Jira."""
    if has_expired:
        acme.connection.access_expires_at = utcnow() - timedelta(minutes=1)
    app.config["TOKEN_ENCRYPTION_KEYS"] = [WRONG_KEY]
    admin = signed_in("admin@acme.test")

    answer = admin.post("/organizations/acme/settings/integrations/jira/disconnection", {})

    assert answer.status_code == 303
    assert acme.connection.state is ConnectionState.DISCONNECTED
