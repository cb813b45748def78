"""Maya's clock is known to the ticker, and she has two open action items."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, Phase
from app.services.mail import sending
from app.services.schedule import tick
from jobs import send_mail
from tests.support.acme import items, person, sprint_14

FRIDAY = "2026-11-20 12:00Z"


@pytest.fixture
def hers(sample, server) -> list[ActionItem]:
    """Maya's two open items of a committed retrospective; the ticker knows her clock."""
    sprint_14(Phase.COMMIT).committed_at = datetime(2026, 11, 19, tzinfo=UTC)
    for item in items():
        item.assignee = item.due_on = None
    maya, found = person("Maya"), items()[:2]
    maya.time_zone = "Europe/Berlin"
    for item in found:
        item.assignee = maya
    with time_machine.travel(FRIDAY, tick=False):
        tick.clean_up(utcnow())
    db.session.commit()
    return found


@pytest.fixture
def at(server) -> Callable[[str], list[tuple[list[str], object]]]:
    """Tick and work at a moment; what has arrived until then."""

    def _at(moment: str):
        with time_machine.travel(moment, tick=False):
            tick.clean_up(utcnow())
            db.session.commit()
            for mail_id in sending.due_mails(utcnow()):
                db.session.commit()
                send_mail.run(mail_id)
            db.session.commit()
            db.session.expire_all()
        return server.accepted

    return _at
