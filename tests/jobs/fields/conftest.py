"""An action item whose issue holds what stands here, and whose screen is known."""

from datetime import date

import pytest

from app.extensions import db
from app.models import ActionItem
from tests.jobs.fields.editing import TITLE, write


@pytest.fixture
def item(acme, drain) -> ActionItem:
    acme.commit_items()
    drain()
    found = db.session.query(ActionItem).filter_by(title=TITLE).one()
    write(found, due_on=date(2027, 1, 4))
    drain()
    acme.jira.control.clear_requests()
    return found
