"""From an e-mail that is owed to one that can be handed to a mail server."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any

from flask import current_app

from app.models import Mail
from app.services.mail.kinds import KINDS


@dataclass(frozen=True)
class Letter:
    """An e-mail that this process alone may send, until `claimed_until`."""

    mail_id: int
    claimed_until: datetime
    recipients: tuple[str, ...]
    unreached: tuple[str, ...]
    subject: str
    text: str
    html: str
    secret: str
    public_id: str
    created_at: datetime
    unsubscribe: str = ""


def letter(mail: Mail, claimed_until: datetime) -> Letter | None:
    """The e-mail as it is to be said now, to those who may get it; unreached: who has not got it.

    None when its reason is gone, or nobody is left to get it.
    """
    if mail.connection is not None and mail.connection.generation != mail.generation:
        return None
    kind = KINDS[mail.kind]
    recipients = kind.recipients(mail)
    unreached = tuple(each for each in recipients if each not in mail.recipients)
    content = kind.content(mail) if unreached else None
    if content is None:
        return None
    text, html = (_rendered(f"{kind.template}.{each}", content.context) for each in _FORMS)
    return Letter(
        mail_id=mail.id,
        claimed_until=claimed_until,
        recipients=tuple(recipients),
        unreached=unreached,
        subject=_one_line(content.subject),
        text=text,
        html=html,
        secret=content.secret,
        unsubscribe=content.unsubscribe,
        public_id=mail.public_id,
        created_at=mail.created_at,
    )


def message(letter: Letter) -> EmailMessage:
    """The letter as RFC 5322 wants it. Its Message-ID and Date are the same at every try."""
    message, sender = EmailMessage(_POLICY), current_app.config["MAIL_FROM"]
    message["From"], message["To"] = sender, ", ".join(letter.recipients)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = f"<{letter.public_id}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:  # RFC 8058: mail programs offer it as a button
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


_FORMS = ("txt", "html")


class _WholeHeader(UnstructuredHeader):
    """An address stays on one line: broken up and encoded, no mail program reads it (RFC 2369)."""

    def fold(self, *, policy: Any) -> str:
        return f"List-Unsubscribe: {self}{policy.linesep}"


_REGISTRY = HeaderRegistry()
_REGISTRY.map_to_type("list-unsubscribe", _WholeHeader)  # type: ignore[arg-type]  # a mix-in
_POLICY = EmailPolicy(header_factory=_REGISTRY)


def _rendered(name: str, context: Mapping[str, object]) -> str:
    # Not `render_template`: what surrounds a page belongs to a request, and there is none.
    return current_app.jinja_env.get_template(f"mails/{name}").render(context)


def _one_line(subject: str) -> str:
    """Names in it are other people's words, and a line break would end the header."""
    return " ".join(subject.split())[:255]


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"
