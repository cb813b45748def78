"""Proving by a password who one is: counted, hashed in line, and outside of transactions."""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil

from flask import Flask, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.extensions import db, hidden, hidden_network
from app.models import User
from app.services.labels import plural
from app.services.organizations import passwords
from app.services.sign_in import guesses, hashing
from app.services.sign_in.delays import Budget
from app.web import known_browsers

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
ROUNDS, MOST_ROUNDS = "rounds", 5  # in which a form sends itself again
FREE = 5  # wrong passwords of an account
FREE_OF_NETWORK = 60  # of everybody in an office, say


def init_app(app: Flask) -> None:
    app.register_error_handler(hashing.LineFull, _line_full)


def of_sign_in(email: str) -> list[Budget]:
    """What a try to sign in is counted on: a browser that has been in has a budget of its own."""
    if own := known_browsers.key_for(email, passwords.stored_hash(email)):
        return [Budget(own, FREE, DAY, HOUR)]
    network = hidden(f"network {hidden_network()}")
    return [
        Budget(guesses.key_of_account(email), FREE, DAY, HOUR),
        Budget(network, FREE_OF_NETWORK, HOUR, MINUTE),
    ]


def of_own_password(user: User) -> list[Budget]:
    """The same for somebody who is in, and has to say the password again."""
    return [Budget(guesses.key_of_own_password(user.id), FREE, DAY, HOUR)]


def matched_hash(budgets: Sequence[Budget], email: str, password: str) -> str:
    """The stored hash of the address's password, if it is this one; else empty, and counted.

    budgets: the account's or the browser's own, then those that it shares with others.
    Ends the transaction before the hash, and one of its own after it. Raises `TooManyGuesses`
    without looking, and `LineFull`.
    """
    stored, right = _looked_at(budgets, email, password)
    if right:
        own, *shared = budgets
        guesses.forget([own.key])
        guesses.give_back(shared)
    guesses.forget_expired(utcnow())
    db.session.commit()
    return stored if right else ""


def _looked_at(budgets: Sequence[Budget], email: str, password: str) -> tuple[str, bool]:
    """The stored hash, and whether it is the password's. Who has to wait stands in no line."""
    try:
        guesses.refuse_waiting(budgets, utcnow())
        db.session.rollback()
        with hashing.turn(email):
            guesses.take(budgets, utcnow())
            stored = passwords.stored_hash(email)
            db.session.commit()
            return stored, hashing.matches(stored, password)
    except guesses.TooManyGuesses:
        db.session.rollback()  # what is said to them is rendered under no lock
        raise


def hash_of(email: str, password: str) -> str:
    """The hash of an account's new password. Ends the transaction. Raises `LineFull`."""
    db.session.rollback()
    with hashing.turn(email):
        return hashing.make(password)


def forget_guesses(email: str) -> None:
    """Of an account whose owner came in another way; the caller commits."""
    guesses.forget([guesses.key_of_account(email)])


def when(error: guesses.TooManyGuesses) -> str:
    """In words, for a sentence: "in 30 seconds", "in 4 minutes"."""
    seconds = seconds_until(error)
    if seconds < 60:
        return f"in {plural(seconds, 'second')}"
    return f"in {plural(ceil(seconds / 60), 'minute')}"


def seconds_until(error: guesses.TooManyGuesses) -> int:
    """How long to wait, at least one."""
    return max(1, ceil((error.until - utcnow()).total_seconds()))


def _line_full(error: hashing.LineFull) -> ResponseReturnValue:
    """The form once more, which sends itself: nobody has to type a password again."""
    db.session.rollback()
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != ROUNDS]
    rounds = min(request.form.get(ROUNDS, 0, type=int), MOST_ROUNDS) + 1
    seconds = max(2 * rounds, ceil(error.after))
    page = render_template(
        "sessions/line_full.html",
        fields=fields,
        rounds=rounds,
        seconds=seconds if rounds <= MOST_ROUNDS else None,
        address=request.script_root + request.full_path.rstrip("?"),
    )
    answer = make_response(page, 503)
    answer.headers["Retry-After"] = str(seconds)
    return answer
