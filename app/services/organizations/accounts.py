"""People and their passwords."""

from functools import lru_cache
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from werkzeug.security import check_password_hash, generate_password_hash

from app import chance
from app.extensions import db
from app.identifiers import new_secret
from app.models import User
from app.services.errors import UnpackError

# scrypt with 32 MB and 2^15 rounds: what OWASP's password storage cheat sheet asks for is 2^17,
# or this with parallelization 3.
HASH_METHOD = "scrypt:32768:8:3"
SHORTEST_PASSWORD = 10


class EmailTaken(UnpackError):
    sentence = "Somebody already uses this e-mail address."


class EmailUnreadable(UnpackError):
    sentence = "This is not an e-mail address."


class PasswordTooShort(UnpackError):
    sentence = f"A password has at least {SHORTEST_PASSWORD} characters."


def find_by_email(email: str) -> User | None:
    """The person with that address, in whatever case it is typed."""
    return db.session.scalar(select(User).where(User.email == normalized(email)))


def create_user(email: str, name: str, password: str, *, hash_method: str = HASH_METHOD) -> User:
    """Add a person. Raises `EmailUnreadable`, `EmailTaken`, `PasswordTooShort`.

    A weaker `hash_method` is for passwords that everybody knows.
    """
    refuse_unreadable(email)
    if find_by_email(email) is not None:
        raise EmailTaken
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort
    user = User(
        email=normalized(email),
        name=" ".join(name.split()),
        password_hash=generate_password_hash(password, hash_method),
    )
    db.session.add(user)
    db.session.flush()
    return user


def refuse_unreadable(email: str) -> None:
    """Raise `EmailUnreadable` unless `email` could be an address; nobody is asked whether it is.

    Addresses under .test are allowed: RFC 6761 keeps them for demonstrations.
    """
    try:
        validate_email(normalized(email), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise EmailUnreadable from None


def authenticate(email: str, password: str) -> User | None:
    """The person whom address and password name together, or nobody.

    An unknown address takes as long as a wrong password: the time tells nobody who has an account.
    """
    user = find_by_email(email)
    hashed = user.password_hash if user else _nobodys_hash()
    return user if check_password_hash(hashed, password) and user else None


def remember_time_zone(user: User, name: str) -> None:
    """Keep the zone that the person's browser names, if there is such a zone."""
    if name and name != user.time_zone and name in available_timezones():
        user.time_zone = name
        db.session.flush()


def new_password() -> str:
    """A first password that somebody can read out: 16 characters, 80 bits, none alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(chance.choice(letters) for _ in range(4)) for _ in range(4))


def normalized(email: str) -> str:
    """An address as it is stored: no space around it, small letters."""
    return email.strip().lower()


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return generate_password_hash(new_secret(), HASH_METHOD)
