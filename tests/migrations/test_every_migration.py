"""All migrations lead to what the models say."""

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.extensions import db
from app.models.few_rows import is_kept_by_triggers


@pytest.mark.both_databases
def test_models_and_migrations_agree(installation):
    flask_migrate.upgrade()

    with db.engine.connect() as connection:
        # SQLite words an empty default otherwise; PostgreSQL evaluates both.
        defaults = connection.dialect.name == "postgresql"
        options = {
            "compare_type": True,
            "compare_server_default": defaults,
            "include_name": lambda name, *_: not is_kept_by_triggers(name),
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, db.metadata) == []
