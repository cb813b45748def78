"""Migration 0004 has e-mails written when they are sent."""

from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models import JiraWork, Mail, MailKind
from tests.migrations.rows import FOURTH, NOW, THIRD, fill, reflected, rows

# An e-mail as it was before migration 0004: one has got it, the other has not.
SENT = {"about": "trouble", "recipients": ["a@acme.test", "b@acme.test"], "unreached": []}
WAITING = {**SENT, "unreached": ["b@acme.test"], "sent_at": None}
ABOUT_BLOCKED = {**WAITING, "about": "blocked"}


@pytest.fixture
def mail_before(request, installation) -> dict[str, Any]:
    """Every table filled as migration 0003 left it, and the one e-mail as the test says."""
    flask_migrate.upgrade(revision=THIRD)
    fill()
    table = reflected().tables["mail"]
    with db.engine.begin() as connection:
        connection.execute(table.update().values(request.param))
        connection.execute(sa.text("UPDATE jira_connection SET state = 'needs-reconnect'"))
        connection.execute(sa.text("UPDATE jira_work SET kind = 'notices', due_at = NULL"))
    return rows()["mail"]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("mail_before", "kind", "row_ids"),
    [(WAITING, MailKind.TROUBLE, []), (ABOUT_BLOCKED, MailKind.BLOCKED, [1])],
    indirect=["mail_before"],
)
def test_an_e_mail_that_waits_keeps_who_has_got_it_and_is_written_anew(mail_before, kind, row_ids):
    flask_migrate.upgrade()

    mail = db.session.query(Mail).one()
    assert (mail.kind, mail.row_ids) == (kind, row_ids)
    assert (mail.connection_id, mail.generation) == (1, mail_before["generation"])
    assert mail.recipients == ["a@acme.test"]
    assert (mail.subject, mail.text, mail.html) == (None, None, None)
    assert (mail.due_at, mail.tries) == (NOW, mail_before["tries"])


@pytest.mark.both_databases
@pytest.mark.parametrize("mail_before", [SENT], indirect=True)
def test_there_and_back_an_e_mail_that_the_demo_keeps_is_as_before(mail_before):
    before = rows()

    flask_migrate.upgrade(revision=FOURTH)
    assert db.session.query(Mail.text).scalar() == mail_before["text"]
    db.session.remove()
    flask_migrate.downgrade(revision=THIRD)

    assert rows() == before


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("mail_before", "due_at", "mapping_told"),
    [(WAITING, NOW, True), (ABOUT_BLOCKED, None, False)],
    indirect=["mail_before"],
)
def test_on_the_way_back_what_waits_is_untold_again(mail_before, due_at, mapping_told):
    flask_migrate.upgrade()
    flask_migrate.downgrade(revision=THIRD)

    after = rows()
    assert "mail" not in after
    assert db.session.query(JiraWork.due_at).scalar() == due_at
    assert (after["project_mapping"]["blocked_mailed_at"] is not None) is mapping_told


@pytest.mark.both_databases
@pytest.mark.parametrize("mail_before", [SENT], indirect=True)
def test_on_the_way_back_e_mails_to_persons_go(mail_before):
    flask_migrate.upgrade()
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE mail SET user_id = 1, connection_id = NULL"))

    flask_migrate.downgrade(revision=THIRD)

    assert "mail" not in rows()
