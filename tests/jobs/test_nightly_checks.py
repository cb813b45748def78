"""Each mapping is checked once a day, and what turns red is told before it is needed."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    CheckState,
    ConnectionState,
    JiraConnection,
    JiraSettings,
    Mail,
    Plan,
    ProjectMapping,
    Team,
)
from app.services.mapping import nightly
from app.services.owed import metadata_reads
from jobs import notify_admins, ticker
from tests.support import factories
from tests.support.connected import ENG_CLOUD

DAY = timedelta(days=1)
TOLD = ["owner@acme.test", "admin@acme.test"]


@pytest.fixture
def checked(acme):
    """Acme with a mapping that was found ready yesterday."""
    mapping = _mapping()
    mapping.checked_at = utcnow() - timedelta(hours=25)
    db.session.commit()
    return acme


def _mapping() -> ProjectMapping:
    return db.session.scalars(select(ProjectMapping)).first()


def night_of(acme) -> datetime:
    """The next moment at which the connection's own minute of the day begins."""
    minute = acme.connection.id * nightly.STRIDE % nightly.DAY
    midnight = utcnow().replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    return midnight + timedelta(minutes=minute, seconds=1)


def pass_night(app, acme, work) -> None:
    """Tick at the connection's time of the day, with workers that do what is rung for."""
    night = night_of(acme)
    db.session.commit()
    with time_machine.travel(night):
        for _ in range(3):
            assert ticker.tick(app)
            work()
    db.session.expire_all()


def mails() -> list[Mail]:
    db.session.expire_all()
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def owed_at(moment: datetime) -> bool:
    nightly.owe(moment)
    owed = _mapping().check_wanted_at is not None
    db.session.rollback()
    return owed


def test_a_mapping_is_checked_every_night(app, checked, work):
    checked.jira.control.deny("CREATE_ISSUES", "PLAT")

    pass_night(app, checked, work)

    assert _mapping().check_state is CheckState.BLOCKED
    assert _mapping().check_wanted_at is None


def test_what_was_checked_today_is_left_alone(checked):
    night = night_of(checked)
    _mapping().checked_at = night - timedelta(hours=2)
    db.session.commit()

    assert not owed_at(night)


@pytest.mark.parametrize("why", ["free", "disconnected", "elsewhere"])
def test_nothing_is_checked_that_cannot_be_used(checked, why):
    night = night_of(checked)
    if why == "free":
        checked.organization.plan = Plan.FREE
    elif why == "disconnected":
        checked.connection.state = ConnectionState.DISCONNECTED
    else:
        checked.connection.cloud_id = "another"
    db.session.commit()

    assert not owed_at(night)


@pytest.mark.both_databases
def test_many_connections_are_spread_over_the_day(checked):
    for _ in range(23):
        _another(checked)
    db.session.commit()
    owed_in_hour: Counter[int] = Counter()
    checked_ids = set()
    start = utcnow().replace(hour=0, minute=0, second=0) + 2 * DAY
    for minute in range(0, nightly.DAY, 60):
        for _ in range(2):
            nightly.owe(start + timedelta(minutes=minute))
        rows = db.session.scalars(
            select(ProjectMapping).where(ProjectMapping.check_wanted_at.is_not(None))
        )
        for row in rows.all():
            owed_in_hour[minute // 60] += 1
            checked_ids.add(row.id)
            row.check_wanted_at, row.checked_at = None, start + timedelta(minutes=minute)
    db.session.commit()

    assert len(checked_ids) == 24
    assert len(owed_in_hour) >= 18
    assert max(owed_in_hour.values()) <= 3


def _another(acme) -> None:
    organization = factories.organization()
    mapping = _mapping()
    db.session.add(
        JiraConnection(
            organization=organization,
            state=ConnectionState.CONNECTED,
            cloud_id=ENG_CLOUD,
            site_url="https://x.test",
            site_name="x",
            account_id="a",
            connected_at=utcnow(),
        )
    )
    db.session.add(
        ProjectMapping(
            organization_id=organization.id,
            cloud_id=ENG_CLOUD,
            project_id=mapping.project_id,
            project_key="PLAT",
            project_name="Platform",
            issue_type_id="10001",
            issue_type_name="Task",
            checked_at=utcnow() - DAY,
        )
    )


def test_a_project_that_turned_red_is_told_once_with_the_fix_and_the_way_there(app, checked, work):
    checked.jira.control.deny("CREATE_ISSUES", "PLAT")

    pass_night(app, checked, work)
    with time_machine.travel(utcnow() + DAY):
        pass_night(app, checked, work)

    [mail] = mails()
    assert mail.recipients == TOLD
    assert mail.subject == "Acme: action items cannot become issues in PLAT"
    for words in (mail.text, mail.html):
        assert "Default Project" in words
        assert "PLAT · Platform Engineering, Task" in words
        assert "may not create issues in PLAT. Choose another project, or ask a Jira admin" in words
        assert "http://localhost:5050/organizations/acme/settings/integrations/jira" in words
    assert "<" not in mail.text


def test_after_it_was_mended_the_next_time_is_told_again(app, checked, work):
    for denied in (True, False, True):
        checked.jira.control.deny("CREATE_ISSUES", "PLAT", on=denied)
        pass_night(app, checked, work)
        _mapping().checked_at = utcnow() - DAY
        db.session.commit()

    assert len(mails()) == 2


def test_a_red_answer_that_somebody_asked_for_is_on_the_page_and_not_mailed(app, checked, work):
    checked.jira.control.deny("CREATE_ISSUES", "PLAT")
    metadata_reads.owe_checks(checked.connection)
    db.session.commit()
    work()
    assert _mapping().check_state is CheckState.BLOCKED

    pass_night(app, checked, work)

    assert mails() == []


def map_the_platform_team(default: ProjectMapping) -> ProjectMapping:
    """Give a team a project of its own, which Jira does not know."""
    team = db.session.scalars(select(Team).filter_by(name="Platform")).one()
    mapping = ProjectMapping(
        organization_id=default.organization_id,
        team_id=team.id,
        cloud_id=ENG_CLOUD,
        project_id="10999",
        project_key="OLD\n",
        project_name="Old & gone",
        issue_type_id="10001",
        issue_type_name="Task",
        checked_at=default.checked_at,
    )
    db.session.add(mapping)
    db.session.add(JiraSettings(organization_id=default.organization_id, per_team_overrides=True))
    db.session.commit()
    return mapping


def test_several_red_projects_are_one_e_mail(app, checked, work):
    map_the_platform_team(_mapping())
    checked.jira.control.deny("CREATE_ISSUES", "PLAT")

    pass_night(app, checked, work)

    [mail] = mails()
    assert mail.subject.endswith("issues in PLAT and OLD")
    assert "\n" not in mail.subject
    assert "· Old & gone, Task" in mail.text
    assert "Old &amp; gone" in mail.html


@pytest.mark.parametrize("mended", [["PLAT"], ["PLAT", "OLD\n"]], ids=["one", "all"])
def test_an_e_mail_that_waits_tells_of_what_is_still_red(app, checked, work, mended):
    map_the_platform_team(_mapping())
    checked.jira.control.deny("CREATE_ISSUES", "PLAT")
    app.config["SMTP_URL"] = "smtp://127.0.0.1:9"
    pass_night(app, checked, work)
    for mapping in db.session.query(ProjectMapping).filter(ProjectMapping.project_key.in_(mended)):
        mapping.check_state, mapping.blocked_mailed_at = CheckState.READY, None
    night = night_of(checked)
    db.session.commit()

    app.config["SMTP_URL"] = ""
    with time_machine.travel(night + timedelta(minutes=5)):
        assert ticker.tick(app)
        work()

    subjects = [mail.subject for mail in mails()]
    left = [] if len(mended) == 2 else ["Acme: action items cannot become issues in OLD"]
    assert subjects == left


def test_what_turned_red_anew_is_told_by_one_e_mail(app, checked, work):
    checked.jira.control.deny("CREATE_ISSUES", "PLAT")
    app.config["SMTP_URL"] = "smtp://127.0.0.1:9"
    pass_night(app, checked, work)
    [first] = [mail.id for mail in mails()]
    _mapping().blocked_mailed_at = None  # as after it was mended
    night = night_of(checked)
    db.session.commit()

    with time_machine.travel(night + timedelta(minutes=2)):
        assert ticker.tick(app)
        work()

    [second] = [mail.id for mail in mails()]
    assert second != first


def test_an_override_that_is_switched_off_is_not_told(app, checked):
    mapping = _mapping()
    mapping.team_id = db.session.scalars(select(Team.id)).first()
    mapping.check_state = CheckState.BLOCKED
    db.session.commit()

    connection_id = checked.connection.id
    db.session.commit()
    notify_admins.run(connection_id)

    assert mails() == []


def test_an_e_mail_that_is_overtaken_by_the_repair_is_not_sent(app, checked, work):
    app.config["SMTP_URL"] = "smtp://127.0.0.1:9"
    checked.jira.control.deny("CREATE_ISSUES", "PLAT")
    pass_night(app, checked, work)
    assert len(mails()) == 1
    checked.jira.control.deny("CREATE_ISSUES", "PLAT", on=False)
    metadata_reads.owe_checks(checked.connection)
    db.session.commit()
    work()

    night = night_of(checked)
    db.session.commit()
    with time_machine.travel(night + DAY):
        assert ticker.tick(app)
        work()

    assert mails() == []
