"""Past retrospectives, and an admin who syncs their action items."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, Backfill, IssueLink, JiraSettings, ProjectMapping, Retrospective
from tests.support.acme import team
from tests.support.connected import Acme
from tests.support.people import Answer, Person

JIRA = "/organizations/acme/settings/integrations/jira"
BACKFILL = f"{JIRA}/backfill"


def past(count: int, of: str = "Platform", held_on: date | None = None) -> Retrospective:
    """A retrospective that was committed before anything could be synced."""
    day = held_on or utcnow().date() - timedelta(days=30)
    retrospective = Retrospective(
        team=team(of), title="An old one", held_on=day, committed_at=utcnow() - timedelta(days=30)
    )
    retrospective.action_items = [
        ActionItem(title=f"Past {of} {number}") for number in range(1, count + 1)
    ]
    db.session.add(retrospective)
    db.session.commit()
    return retrospective


def start(admin: Person, number: int, *teams: str, htmx: bool = False, **fields: str) -> Answer:
    """Press the button that says `number`, for these teams (Platform)."""
    ids = [str(team(name).id) for name in teams or ("Platform",)]
    form = {"chosen": "1", "team": ids, "count": str(number), "since": ""} | fields
    return admin.post(BACKFILL, form, htmx=htmx)


def stop(admin: Person, **how: Any) -> Answer:
    begun = run()
    assert begun
    return admin.post(f"{BACKFILL}/{begun.id}/stop", **how)


def run() -> Backfill | None:
    """The one begun last."""
    db.session.expire_all()
    return db.session.scalars(select(Backfill).order_by(Backfill.id.desc())).first()


def opened(**of: Any) -> list[IssueLink]:
    db.session.expire_all()
    return db.session.query(IssueLink).filter_by(active=True, **of).order_by(IssueLink.id).all()


def words(admin: Person) -> str:
    return admin.get(BACKFILL).page.text


def titles(acme: Acme) -> list[str]:
    return [issue["fields"]["summary"] for issue in acme.issues()]


def only_platform_is_mapped() -> None:
    platform = team("Platform")
    db.session.query(ProjectMapping).one().team_id = platform.id
    organization_id = platform.organization_id
    db.session.add(JiraSettings(organization_id=organization_id, per_team_overrides=True))
    db.session.commit()
