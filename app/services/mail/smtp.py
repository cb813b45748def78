"""One e-mail to one mail server, by the standard library.

Flask-Mail and Flask-Mailman are thin layers over `smtplib`; Flask-Mail calls `starttls()` without
a context, which checks no certificate, and neither says whom the server refused. We need both.
https://docs.python.org/3.11/library/smtplib.html
"""

import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465}
LOCAL = {"localhost", "127.0.0.1", "::1"}
TIMEOUT = 20.0  # seconds that any one answer of the server may take


class MailNotSent(Exception):
    """Nobody got it, or nobody knows. The text says why and holds nothing secret."""


def send(url: str, message: EmailMessage, recipients: Sequence[str]) -> dict[str, str]:
    """Hand `message` to the server at `url` for `recipients`; return who was refused, and why.

    `url` is `smtp://` or `smtps://[user:password@]host[:port]`. Raises `MailNotSent` when it was
    accepted for nobody. No transaction may be open.
    """
    try:
        server = _connected(urlsplit(url))
    except (OSError, smtplib.SMTPException) as error:
        raise MailNotSent(_words(error)) from error
    try:
        refused = server.send_message(message, to_addrs=list(recipients))
    except smtplib.SMTPRecipientsRefused as error:
        refused = error.recipients
    except (OSError, smtplib.SMTPException) as error:
        raise MailNotSent(_words(error)) from error
    finally:
        _leave(server)
    return {each: f"{code} {_text(answer)}" for each, (code, answer) in refused.items()}


def greet(url: str) -> None:
    """Come as far as `send` does before it hands anything over. Raises `MailNotSent`.

    No transaction may be open.
    """
    try:
        _leave(_connected(urlsplit(url)))
    except (OSError, smtplib.SMTPException) as error:
        raise MailNotSent(_words(error)) from error


def _connected(parts: SplitResult) -> smtplib.SMTP:
    """Encrypted where the server can; a password never travels in the clear between machines."""
    host, port = parts.hostname or "localhost", parts.port or PORTS[parts.scheme]
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    try:
        _introduce(server, parts, context)
    except BaseException:
        _leave(server)
        raise
    return server


def _introduce(server: smtplib.SMTP, parts: SplitResult, context: ssl.SSLContext) -> None:
    server.ehlo()
    must_encrypt = bool(parts.username) and parts.hostname not in LOCAL
    if parts.scheme == "smtp" and (server.has_extn("starttls") or must_encrypt):
        server.starttls(context=context)
        server.ehlo()
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))


def _leave(server: smtplib.SMTP) -> None:
    """What goes wrong after the server has taken the e-mail does not unsend it."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__}: {error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}".splitlines()[0]


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
