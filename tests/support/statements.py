"""What is asked of the database."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.extensions import PATIENCE, db


@pytest.fixture
def asked(app: Flask) -> Iterator[list[str]]:
    """The statements that reach the database, beside how long it may take for them."""
    found: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement != PATIENCE:
            found.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    yield found
    event.remove(db.engine, "before_cursor_execute", hear)
