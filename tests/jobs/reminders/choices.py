"""What the tests of digests and reminders share."""

from datetime import date, timedelta

from app.extensions import db
from app.models import MailKind
from app.services.mail import preferences
from tests.support.acme import person

MONDAY = "2026-11-23 07:00Z"  # 8:00 in Berlin
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def choose(name: str, *, on: tuple[MailKind, ...] = (), off: tuple[MailKind, ...] = ()) -> None:
    user = person(name)
    preferences.choose(user, (preferences.chosen_by(user) | set(on)) - set(off))
    db.session.commit()


def text_of(message) -> str:
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")
