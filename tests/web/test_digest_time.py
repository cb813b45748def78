"""Admins choose when in the week the digest of their organization comes."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.models import AuditEvent, User
from tests.support.acme import acme
from tests.support.people import Person

SignedIn = Callable[..., Person]
GENERAL = "/organizations/acme/settings/general"


def test_a_chosen_time_is_kept_and_recorded(signed_in: SignedIn) -> None:
    answer = signed_in("admin@acme.test").post(
        f"{GENERAL}/digest", {"weekday": "4", "hour": "15"}, follow_redirects=True
    )

    db.session.expire_all()
    assert "The time of the digest is saved." in answer.page.text
    assert (acme().digest_weekday, acme().digest_hour) == (4, 15)
    [event] = db.session.query(AuditEvent).filter_by(action="digest-time-changed")
    assert event.details == {"before": "Monday, 8:00", "after": "Friday, 15:00"}
    assert all(each.calendar_due_at is None for each in db.session.query(User))


@pytest.mark.parametrize(
    "form", [{"weekday": "7", "hour": "8"}, {"weekday": "0", "hour": "24"}, {}]
)
def test_what_is_no_time_is_refused(signed_in: SignedIn, form: dict[str, str]) -> None:
    answer = signed_in("admin@acme.test").post(f"{GENERAL}/digest", form)

    db.session.expire_all()
    assert answer.status_code == 422
    assert (acme().digest_weekday, acme().digest_hour) == (0, 8)
