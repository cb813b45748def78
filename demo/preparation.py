"""Bring the database up to date and add the sample organizations, in one process to save time."""

import sys

import flask_migrate
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.extensions import db
from config import ConfigurationError
from demo import past, sample


def main() -> int:
    """0, or 1 with one sentence."""
    try:
        with create_app().app_context():
            flask_migrate.upgrade()
            sample.load()
            past.load()
            db.session.commit()
    except (ConfigurationError, DBAPIError) as error:
        print(str(error).splitlines()[0], file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
