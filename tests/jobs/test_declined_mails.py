"""What somebody declined they do not get; others do."""

from app.extensions import db
from app.models import CheckState, MailKind, ProjectMapping
from app.services.mail import preferences
from tests.jobs.telling import mails, tell
from tests.support.acme import person

ADMIN, OWNER = "admin@acme.test", "owner@acme.test"


def decline(name: str, kind: MailKind) -> None:
    preferences.choose(person(name), preferences.chosen_by(person(name)) - {kind})


def blocked(acme) -> list[str]:
    """Who is told of a blocked default project."""
    mapping = db.session.query(ProjectMapping).one()
    mapping.check_state = CheckState.BLOCKED
    mapping.findings = [{"code": "may-not-create", "fields": []}]
    tell(acme.connection.id)
    return [address for mail in mails() for address in mail.recipients]


def test_owner_and_admins_are_told(acme):
    assert blocked(acme) == [OWNER, ADMIN]


def test_who_declined_is_left_out(acme):
    decline("Adam", MailKind.BLOCKED)

    assert blocked(acme) == [OWNER]


def test_another_kind_that_was_declined_keeps_this_one(acme):
    decline("Adam", MailKind.TROUBLE)

    assert blocked(acme) == [OWNER, ADMIN]


def test_where_all_declined_nothing_is_sent(acme):
    for name in ("Adam", "Olga"):
        decline(name, MailKind.BLOCKED)

    assert blocked(acme) == []


def test_account_mails_are_not_declined(acme):
    preferences.choose(person("Adam"), [])

    assert preferences.declined_by(person("Adam")) <= {each.kind for each in preferences.SWITCHES}
