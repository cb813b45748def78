"""Owing an e-mail. What is said, and to whom, is decided when it is sent (design.md §16)."""

from collections.abc import Iterable

from app.extensions import db
from app.models import JiraConnection, Mail, MailKind, User
from app.queue import SEND_MAIL, ring_after_commit


def owe(
    kind: MailKind, belongs_to: JiraConnection | User | str, row_ids: Iterable[int] = ()
) -> None:
    """Owe an e-mail about a connection, to a person, or to an address that may be nobody's.

    To be committed together with what it tells.

    `row_ids`: the rows that an e-mail of this kind is about, if it is about any.
    """
    mail = Mail(kind=kind, row_ids=list(row_ids))
    if isinstance(belongs_to, User):
        mail.user = belongs_to
    elif isinstance(belongs_to, str):
        mail.address = belongs_to
    else:
        mail.connection, mail.generation = belongs_to, belongs_to.generation
    db.session.add(mail)
    db.session.flush()
    ring_after_commit(mail.id, SEND_MAIL)
