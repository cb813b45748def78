"""How an e-mail reads as text: paragraphs apart, and times in the zone of who gets it."""

from datetime import UTC, datetime

from app.extensions import db
from app.models import CheckState, ProjectMapping
from tests.jobs.telling import mails, tell
from tests.support.acme import person


def told(acme) -> str:
    """The text that Owner and Admins get of a blocked default project."""
    mapping = db.session.query(ProjectMapping).one()
    mapping.check_state = CheckState.BLOCKED
    mapping.findings = [{"code": "may-not-create", "fields": []}]
    mapping.checked_at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    tell(acme.connection.id)
    [mail] = mails()
    return mail.text or ""


def test_paragraphs_and_projects_stand_apart(acme):
    paragraphs = told(acme).strip().split("\n\n")

    assert [each.split()[0] for each in paragraphs] == ["Since", "*", "Nothing", "Open", "You"]
    assert paragraphs[1].splitlines()[1].startswith("  ")


def test_times_are_the_owners(acme):
    person("Olga").time_zone = "America/New_York"

    assert "24 November 2026, 07:00 (America/New_York)" in told(acme)


def test_a_zone_that_nobody_knows_is_utc(acme):
    person("Olga").time_zone = "Mars/Olympus"

    assert "24 November 2026, 12:00 (UTC)" in told(acme)
