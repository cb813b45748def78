"""Passwords: only their person chooses them, and only chosen ones sign in.

Who asks for a hash has ended their transaction and is in line (sign_in/hashing.py), so what is
looked up before is looked at again after.
"""

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import User
from app.services.errors import UnpackError
from app.services.organizations import accounts, memberships, one_time_links, password_rules
from app.services.sign_in import user_sessions


class PasswordNotChosen(UnpackError):
    sentence = "Somebody else may know this password, so it no longer opens the account."


class PasswordWrong(UnpackError):
    sentence = "This is not your current password."


class LinkEnded(UnpackError):
    sentence = "Links to set a password work for an hour, and once. Nothing was changed."


def stored_hash(email: str) -> str:
    """What the password of that address was hashed to; empty where nobody has it, or none yet."""
    user = accounts.find_by_email(email)
    return user.password_hash if user else ""


def person_of(email: str, matched: str) -> User | None:
    """Whose sign-in it is, `matched` being the hash that their password was found to match.

    Nobody if the password was changed meanwhile. Raises `PasswordNotChosen`.
    """
    # Held, so that who changes the password now also ends the session that begins.
    user: User | None = db.session.scalar(
        select(User)
        .where(User.email == accounts.normalized(email))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if user is None or not matched or user.password_hash != matched:
        return None
    if user.password_chosen_at is None:
        raise PasswordNotChosen
    return user


def refuse_weak(user: User, password: str) -> None:
    """Raise `PasswordRefused` for what others would try first."""
    password_rules.refuse_weak(password, own_words(user))


def prove(user: User, matched: str) -> None:
    """Hold the person's row, and refuse whoever did not enter the password that they have chosen.

    matched: what the password that was entered was hashed to, empty if it is none of theirs. Raises
    `PasswordWrong`, also if the password is another one by now.
    """
    db.session.refresh(user, with_for_update={"of": User, "key_share": True})
    if not user.has_password or user.password_hash != matched:
        raise PasswordWrong


def change(user: User, matched: str, hashed: str) -> None:
    """Replace the current password, whose hash was found to be `matched`. Raises `PasswordWrong`
    if it is another one by now."""
    prove(user, matched)
    keep(user, hashed)


def choose_by_link(token: str, hashed: str) -> User:
    """Keep what a person with a one-time link has chosen; of several that use it at once one does.

    Raises `LinkEnded`.
    """
    user = one_time_links.person_of(token)
    if user is None or not one_time_links.use(token):
        raise LinkEnded
    keep(user, hashed)
    return user


def keep(user: User, hashed: str) -> None:
    """Store the hash of a password as the person's own choice; ends their sessions and links."""
    user.password_hash = hashed
    user.password_chosen_at = utcnow()
    db.session.flush()
    user_sessions.end_all_of(user)
    one_time_links.end_all_of(user)


def own_words(user: User) -> list[str]:
    """What must not make up their password: name, address and organizations."""
    return [user.name, user.email, *(m.organization.name for m in memberships.of_user(user))]
