"""Links by which a person turns off a kind of e-mail, without signing in (RFC 8058).

Such a link names a person and a kind, and is signed, so that nobody makes one for somebody else. It
opens nothing: whoever has it can turn that one kind off.
"""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app.extensions import db
from app.models import MailKind, User
from app.services.errors import UnpackError
from app.services.mail import preferences


class LinkUnreadable(UnpackError):
    sentence = "This link is not whole, or not of this Unpack."


def address(user: User, kind: MailKind) -> str:
    """Where the person turns `kind` off."""
    token = _signer().dumps([user.id, kind.value])
    return f"{current_app.config['PUBLIC_URL']}/unsubscriptions/{token}"


def subject_of(token: str) -> tuple[User | None, MailKind]:
    """Whom the link is of, if they still have an account, and what it turns off.

    Raises `LinkUnreadable`.
    """
    try:
        user_id, kind = _signer().loads(token)
        return db.session.get(User, user_id), MailKind(kind)
    except (BadSignature, ValueError, TypeError):
        raise LinkUnreadable from None


def turn_off(user: User, kind: MailKind) -> None:
    """What comes as that e-mail does not come any more, all of it."""
    off = {kind, MailKind.OVERDUE} if kind is MailKind.REMINDER else {kind}
    preferences.choose(user, preferences.chosen_by(user) - off)


def _signer() -> URLSafeSerializer:
    """The newest key last, which is the one that signs: a link outlives a change of keys."""
    config = current_app.config
    keys = [*config["SECRET_KEY_FALLBACKS"][::-1], config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="unsubscribe")
