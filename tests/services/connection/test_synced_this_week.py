"""How many action items were synced in the last seven days, wherever it is told."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import IssueLink, User
from app.services.connection import cards
from app.services.panel import home
from app.services.retrospectives import action_items
from tests.support.connected import Acme


def numbers(acme: Acme) -> tuple[int, str]:
    """On the card of the settings, and home's line."""
    counts = cards.counts_of(acme.organization, acme.connection, utcnow())
    return counts.synced_this_week, home.jira_line(acme.organization).words


def test_card_and_home_tell_the_same_also_of_what_was_deleted_since(
    acme: Acme, drain: Callable[[], None]
) -> None:
    acme.commit_items()
    drain()
    links = db.session.scalars(select(IssueLink).order_by(IssueLink.id)).all()
    links[0].synced_at = utcnow() - timedelta(days=8)
    person = db.session.scalars(select(User)).first()
    assert person is not None
    action_items.delete(links[1].action_item, person)
    db.session.commit()

    on_card, at_home = numbers(acme)

    assert on_card == len(links) - 1
    assert f"{on_card} action items" in at_home
