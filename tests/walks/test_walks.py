"""How far one has to walk through the house for what it does most (design.md §6)."""

from collections.abc import Callable
from itertools import groupby

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, JiraProject, Phase, ProjectMapping
from app.services.owed import pushes
from tests.support.acme import sprint_14
from tests.support.atlassian import JIRA, connect
from tests.walks.record import Walk, recorded

TASK = "10001"


@pytest.fixture
def admin(signed_in, jira, work):
    """An admin who has connected, has chosen PLAT, and whose lists have arrived."""
    person = signed_in("admin@acme.test")
    connect(person, jira)
    work()
    person.post(f"{JIRA}/issue-types", form(0), htmx=True)
    work()
    return person


def form(version: int) -> dict[str, object]:
    project = db.session.query(JiraProject).filter_by(key="PLAT").one()
    return {"version": version, "project": project.project_id, "type": TASK}


def shown(title: str, walk: Walk, capsys: pytest.CaptureFixture[str]) -> Walk:
    with capsys.disabled():
        print(f"\n{title}: {len(walk.files)} entries, rooms {' → '.join(walk.rooms)}\n{walk}")
    return walk


def test_a_settings_save_is_a_short_walk(admin, capsys):
    values = form(0)

    with recorded() as whole:
        answer = admin.post(JIRA, values)

    walk = whole.between("app/web/jira_settings.py", "app/queue.py")
    shown("Settings save", walk, capsys)
    assert answer.status_code == 303
    assert db.session.query(ProjectMapping).one().project_key == "PLAT"
    assert len(walk.files) <= 16


def test_entering_commit_comes_back_to_no_room(admin, capsys):
    admin.post(JIRA, form(0))
    retrospective = sprint_14(Phase.DISCUSS)
    url = f"/retrospectives/{retrospective.id}/phase"
    db.session.commit()

    with recorded() as whole:
        admin.post(url, {"shown": "discuss", "to": "commit"})

    walk = whole.between("app/web/phases.py", "app/queue.py")
    shown("Commit → rows committed → bell", walk, capsys)
    assert len(walk.rooms) == len(set(walk.rooms))


@pytest.fixture
def synced(acme, drain):
    """Everything is in Jira, and what is read once, such as screens and people, is known."""
    acme.commit_items()
    drain()
    return acme


def to_the_first_request(drain: Callable[[], None]) -> Walk:
    with recorded() as whole:
        drain()
    return whole.up_to("jobs/sync_connection.py", "app/jira/issues.py")


def test_an_update_comes_back_to_no_room_before_it_leaves(synced, drain, capsys):
    link = synced.links[0]
    link.action_item.title = "Another title"
    pushes.mark_due(link, utcnow())
    db.session.commit()

    walk = shown("Job → jira/issues, an update", to_the_first_request(drain), capsys)

    assert "Another title" in [issue["fields"]["summary"] for issue in synced.issues()]
    assert walk.files[-1] == "app/jira/issues.py"
    assert len(walk.rooms) == len(set(walk.rooms))


def test_creates_come_back_to_no_room_before_they_leave(synced, drain, capsys):
    committed = synced.retrospective
    owned = next(item for item in synced.items if item.assignee_id)
    for title, owner in (("Of somebody", owned.assignee_id), ("Of nobody", None)):
        db.session.add(ActionItem(retrospective=committed, title=title, assignee_id=owner))
    db.session.flush()
    synced.commit_items()

    walk = shown("Job → jira/issues, creates", to_the_first_request(drain), capsys)

    created = {issue["fields"]["summary"] for issue in synced.issues()}
    rooms = but_for(walk.rooms, "points", "fields")
    assert created >= {"Of somebody", "Of nobody"}
    assert len(rooms) == len(set(rooms))


def but_for(rooms, *passed_twice):
    """Points are asked for before a create is stamped, and spent once it is, right before it leaves
    (design.md §4): between the two it is stamped. Its text is rendered when its turn comes."""
    return [room for room, _ in groupby(room for room in rooms if room not in passed_twice)]
