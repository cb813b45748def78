"""People, by the e-mail addresses with which they sign in. Their passwords: passwords.py."""

from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import User
from app.services.errors import UnpackError


class EmailTaken(UnpackError):
    sentence = "Somebody already uses this e-mail address."


class EmailUnreadable(UnpackError):
    sentence = "This is not an e-mail address."


def find_by_email(email: str) -> User | None:
    """The person with that address, in whatever case it is typed."""
    return db.session.scalar(select(User).where(User.email == normalized(email)))


def create_user(email: str, name: str) -> User:
    """Add a person, who has no password yet. Raises `EmailUnreadable`, `EmailTaken`."""
    refuse_unreadable(email)
    if find_by_email(email) is not None:
        raise EmailTaken
    user = User(email=normalized(email), name=" ".join(name.split()))
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError:  # somebody else at the same moment
        raise EmailTaken from None
    return user


def refuse_unreadable(email: str) -> None:
    """Raise `EmailUnreadable` unless `email` could be an address; nobody is asked whether it is.

    Addresses under .test are allowed: RFC 6761 keeps them for demonstrations.
    """
    try:
        validate_email(normalized(email), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise EmailUnreadable from None


def remember_time_zone(user: User, name: str) -> None:
    """Keep the zone that the person's browser names, if there is such a zone."""
    if name and name != user.time_zone and name in available_timezones():
        user.time_zone = name
        db.session.flush()


def normalized(email: str) -> str:
    """An address as it is stored: no space around it, small letters."""
    return email.strip().lower()
