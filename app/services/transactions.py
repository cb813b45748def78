"""Transactions: none is open while Jira answers (design.md §8), and claims are conditional."""

from typing import Any, cast

from flask import has_app_context
from sqlalchemy import CursorResult, Delete, Update
from sqlalchemy.orm import Session, scoped_session

from app.extensions import db


class TransactionOpen(Exception):
    """A request to Atlassian was about to leave while a transaction was open."""


def refuse_open_transaction() -> None:
    """Raise `TransactionOpen` if this thread's session holds a transaction.

    The threads of the push pool have no app context, hence no session and nothing to hold.
    """
    if has_app_context() and db.session().in_transaction():
        raise TransactionOpen("commit before calling Atlassian")


def rows_changed(session: Session | scoped_session[Any], statement: Update | Delete) -> int:
    """Execute a conditional UPDATE or DELETE and return how many rows met its condition."""
    return cast("CursorResult[Any]", session.execute(statement)).rowcount
