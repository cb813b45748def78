"""Passwords: only their person chooses them, and only chosen ones sign in."""

from functools import lru_cache

from werkzeug.security import check_password_hash, generate_password_hash

from app.clock import utcnow
from app.extensions import db
from app.identifiers import new_secret
from app.models import User
from app.services.errors import UnpackError
from app.services.organizations import accounts, one_time_links
from app.services.organizations.password_rules import refuse_weak

# scrypt with 32 MB and 2^15 rounds: what OWASP's password storage cheat sheet asks for is 2^17,
# or this with parallelization 3.
HASH_METHOD = "scrypt:32768:8:3"


class PasswordNotChosen(UnpackError):
    sentence = "Somebody else may know this password, so it no longer opens the account."


class PasswordWrong(UnpackError):
    sentence = "This is not your current password."


class LinkEnded(UnpackError):
    sentence = "Links to set a password work for an hour, and once. Nothing was changed."


def authenticate(email: str, password: str) -> User | None:
    """The person whom address and password name together, or nobody. Raises `PasswordNotChosen`.

    An unknown address takes as long as a wrong password: the time tells nobody who has an account.
    """
    user = accounts.find_by_email(email)
    hashed = (user.password_hash if user else "") or _nobodys_hash()
    if not check_password_hash(hashed, password) or user is None:
        return None
    if user.password_chosen_at is None:
        raise PasswordNotChosen
    return user


def choose(user: User, password: str) -> None:
    """Keep the password that the person has chosen; ends their sessions and their links.

    Raises `PasswordRefused`.
    """
    refuse_weak(password, own_words(user))
    keep(user, password)


def change(user: User, current: str, new: str) -> None:
    """Like `choose`, for who knows the current one. Raises `PasswordWrong`, `PasswordRefused`."""
    if not check_password_hash(user.password_hash, current):
        raise PasswordWrong
    choose(user, new)


def choose_by_link(token: str, password: str) -> User:
    """Like `choose`, by a one-time link; of several that use it at once one does.

    Raises `LinkEnded`, `PasswordRefused`; the link then still works.
    """
    user = one_time_links.person_of(token)
    if user is None:
        raise LinkEnded
    refuse_weak(password, own_words(user))
    if not one_time_links.use(token):
        raise LinkEnded
    keep(user, password)
    return user


def keep(user: User, password: str, *, hash_method: str = HASH_METHOD) -> None:
    """Store a password as the person's own choice, whatever it is.

    A weaker `hash_method` is for passwords that everybody knows.
    """
    user.password_hash = generate_password_hash(password, hash_method)
    user.password_chosen_at = utcnow()
    user.session_generation += 1
    db.session.flush()
    one_time_links.end_all_of(user)


def own_words(user: User) -> list[str]:
    """What must not make up their password: name, address and organizations."""
    return [user.name, user.email, *(m.organization.name for m in user.memberships)]


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return generate_password_hash(new_secret(), HASH_METHOD)
