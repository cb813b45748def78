"""People, by the e-mail addresses with which they sign in. Their passwords: passwords.py."""

from functools import lru_cache
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import Appearance, User
from app.services.errors import UnpackError
from app.services.organizations import organization_zones

# The domain of addresses that nobody has: of those whose account was deleted (RFC 2606).
FORMER = "unpack.invalid"


class EmailTaken(UnpackError):
    sentence = "Somebody already uses this e-mail address."


class NoSuchZone(UnpackError):
    sentence = "Choose a time zone of the list."


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


def is_deleted(user: User) -> bool:
    """Whether only a row without a name is left of the person."""
    return user.email.endswith(f"@{FORMER}")


def refuse_unreadable(email: str) -> None:
    """Raise `EmailUnreadable` unless `email` could be an address; nobody is asked whether it is.

    Addresses under .test are allowed: RFC 6761 keeps them for demonstrations.
    """
    try:
        validate_email(normalized(email), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise EmailUnreadable from None


def remember_time_zone(user: User, name: str) -> None:
    """Keep the zone that the person's browser names, if there is such a zone, unless they have
    chosen one themselves."""
    if user.time_zone_chosen or name == user.time_zone or name not in time_zones():
        return
    _move_to(user, name)
    db.session.flush()


def save_profile(user: User, *, name: str, time_zone: str, appearance: Appearance) -> None:
    """What a person says of themselves. `time_zone`: empty for whatever their browser names.

    Raises `NoSuchZone`.
    """
    if time_zone and time_zone not in time_zones():
        raise NoSuchZone
    user.name, user.appearance = " ".join(name.split()), appearance
    user.time_zone_chosen = bool(time_zone)
    _move_to(user, time_zone or user.time_zone)
    db.session.flush()


def _move_to(user: User, time_zone: str) -> None:
    """By another clock the digest and the reminders are due at other moments: look at once."""
    if time_zone != user.time_zone:
        user.time_zone, user.calendar_due_at = time_zone, None
        organization_zones.take_owners(user)


def zone_names() -> list[str]:
    """Those of them that people choose from: without what only names a shift of the clock."""
    named = {name for name in time_zones() if "/" in name and not name.startswith("Etc/")}
    return sorted(named | {"UTC"})


@lru_cache(maxsize=1)
def time_zones() -> frozenset[str]:
    """The names of all zones that this machine knows."""
    return frozenset(available_timezones())


def normalized(email: str) -> str:
    """An address as it is stored: no space around it, small letters."""
    return email.strip().lower()
