"""A database without a table."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app
from app.extensions import db
from tests.support import settings


@pytest.fixture
def installation(blank_database_url: str) -> Iterator[Flask]:
    """An app whose database has no table yet."""
    app = create_app(settings.build(database_url=blank_database_url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
