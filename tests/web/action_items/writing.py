"""Writing action items as a person does."""

import pytest

from app.extensions import db
from app.models import ActionItem

both_ways = pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])


def fresh(item: ActionItem) -> ActionItem:
    db.session.expire_all()
    return db.session.get_one(ActionItem, item.id)
