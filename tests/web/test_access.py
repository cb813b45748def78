"""The walk: every route, asked by every kind of person, on every plan."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest
from flask import Flask

from app.clock import utcnow
from app.extensions import db
from app.models import (
    Backfill,
    BackfillState,
    EntryState,
    LinkState,
    Membership,
    Operation,
    Phase,
    Plan,
    Role,
    SyncEntry,
    TeamMember,
    UserSession,
)
from app.services.organizations import accounts, passwords
from app.services.sign_in import hashing
from demo.sample import HASH_METHOD
from tests.support import factories
from tests.support.access_table import PEOPLE, TABLE, Route
from tests.support.acme import acme, connect_and_choose, items, link, person, sprint_14, team
from tests.support.people import PASSWORD, Person

# After these one is signed out, or somebody new.
SIGNING = {"sessions.new", "sessions.create", "sessions.destroy", "acceptances.sign_out"}
SAFE_BESIDE_GET = {"HEAD", "OPTIONS"}
ADDRESSES = {
    "stranger": "owner@tiny.test",
    "outsider": "outsider@acme.test",
    "member": "member1@acme.test",
    "facilitator": "facilitator@acme.test",
    "admin": "admin@acme.test",
    "owner": "owner@acme.test",
}


@pytest.fixture
def names(sample, app: Flask) -> dict[str, int]:
    """What the addresses mention. The action item is Tom's, and its issue was deleted in Jira."""
    connection = connect_and_choose()
    item, platform = items()[1], team("Platform")
    backfill = Backfill(
        organization_id=acme().id,
        connection=connection,
        state=BackfillState.FINISHED,
        team_ids=[platform.id],
        ended_at=utcnow(),
        total=1,
    )
    entry = SyncEntry(
        organization_id=acme().id,
        team_id=platform.id,
        link=link(item, LinkState.DELETED),
        action_item=item,
        operation=Operation.UPDATE,
        state=EntryState.SYNCED,
    )
    db.session.add_all([entry, backfill])
    outsider = accounts.create_user(ADDRESSES["outsider"], "Nils Berg")
    passwords.keep(outsider, hashing.make(PASSWORD, HASH_METHOD))
    db.session.add(Membership(organization=acme(), user=outsider, role=Role.MEMBER))
    db.session.add(TeamMember(team=team("Mobile"), user=outsider))
    db.session.flush()
    tom = person("Tom")
    return {
        "retrospective": sprint_14(Phase.DISCUSS).id,
        "item": item.id,
        "team": platform.id,
        "row": next(row.id for row in platform.team_members if row.user_id == tom.id),
        "membership": tom.memberships[0].id,
        "administrator": person("Adam").memberships[0].id,
        "outsider": outsider.id,
        "invitation": factories.invitation(acme(), by=person("Adam")).id,
        "entry": entry.id,
        "backfill": backfill.id,
        "change": factories.settings_saved(
            acme(), person("Adam"), {}, {"0": ["10001", "10101"]}
        ).id,
    }


@pytest.fixture
def restore(database_url: str, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Puts the database back to what it was when the walk began: routes must not meet."""
    live = database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(tmp_path / "kept.db")) as kept:

        def put_back() -> None:
            db.session.remove()
            with closing(sqlite3.connect(live)) as now:
                first = kept.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
                source, target = (now, kept) if first else (kept, now)
                source.backup(target)

        yield put_back


# Enterprise differs from Pro in nothing that a route decides: one person shows it.
@pytest.mark.parametrize(
    ("who", "plan"),
    [*product(PEOPLE, (Plan.FREE, Plan.PRO)), ("admin", Plan.ENTERPRISE)],
)
def test_each_route_answers_as_the_table_says(client, signed_in, names, restore, who, plan):
    acme().plan = plan
    db.session.commit()

    def arrive() -> Person:
        person_there = client if who == "nobody" else signed_in(ADDRESSES[who])
        person_there.checks_pages = False
        return person_there

    restore()
    somebody = arrive()
    wrong = []
    for route in TABLE:
        expected = expected_of(route, who, plan)
        found = ask(somebody, route, names)
        if found != expected:
            wrong.append(f"{route.endpoint}: {found} instead of {expected}")
        if route.form is not None:
            restore()
        if (route.form is not None or route.endpoint in SIGNING) and who != "nobody":
            somebody = arrive()  # what was restored knows nothing of a session

    assert wrong == []


# Who is in no organization finds what a stranger finds, who has one of their own; but for these.
OF_NO_ORGANIZATION = {"home.index": 200, "personal_data.destroy": 422}


@pytest.mark.parametrize("plan", [Plan.FREE, Plan.PRO])
def test_who_is_in_no_organization_finds_nothing_of_any(app, names, restore, plan):
    accounts_of_nobody(plan)
    restore()
    somebody = newly_signed_in(app, "nowhere@acme.test")
    wrong = []
    for route in TABLE:
        expected = OF_NO_ORGANIZATION.get(route.endpoint, expected_of(route, "stranger", plan))
        found = ask(somebody, route, names)
        if found != expected:
            wrong.append(f"{route.endpoint}: {found} instead of {expected}")
        if route.form is not None or route.endpoint in SIGNING:
            restore()
            somebody = newly_signed_in(app, "nowhere@acme.test")

    assert wrong == []


@pytest.mark.parametrize("who", ["stranger", "member", "owner"])
def test_who_was_signed_out_everywhere_is_nobody(app, names, restore, who):
    """By whoever may end sessions: their browser still has its cookie."""
    restore()
    wrong = []
    somebody = newly_signed_in(app, ADDRESSES[who])
    db.session.query(UserSession).delete()
    db.session.commit()
    with somebody.session_transaction() as kept:
        cookie = dict(kept)
    assert cookie["token"]
    for route in TABLE:
        with somebody.session_transaction() as kept:
            kept.update(cookie)
        found = ask(somebody, route, names)
        if found != route.who["nobody"]:
            wrong.append(f"{route.endpoint}: {found} instead of {route.who['nobody']}")

    assert wrong == []


def test_no_route_is_missing_in_the_table(app: Flask):
    """By what is asked for and how, so that no second way to a view goes unasked."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    ways = {(rule.rule, method) for rule in rules for method in rule.methods - SAFE_BESIDE_GET}
    names = dict.fromkeys(("retrospective", "item", "team", "row", "membership"), 1)
    names |= dict.fromkeys(("administrator", "invitation", "entry", "backfill", "change"), 1)
    asked = set()
    for route in TABLE:
        method = "GET" if route.form is None else "POST"
        found, _ = app.url_map.bind("localhost").match(
            route.url.format(**names), method, return_rule=True
        )
        assert found.endpoint == route.endpoint
        asked.add((found.rule, method))

    assert ways - asked == set()


def expected_of(route: Route, who: str, plan: Plan) -> int | str:
    return route.free[who] if plan is Plan.FREE and route.free else route.who[who]


def accounts_of_nobody(plan: Plan) -> None:
    acme().plan = plan
    nobody = accounts.create_user("nowhere@acme.test", "Nina Own")
    passwords.keep(nobody, hashing.make(PASSWORD, HASH_METHOD))
    db.session.commit()


def newly_signed_in(app: Flask, email: str) -> Person:
    app.test_client_class = Person
    somebody = app.test_client()
    assert isinstance(somebody, Person)
    somebody.sign_in(email)
    somebody.checks_pages = False
    return somebody


def ask(somebody: Person, route: Route, names: dict[str, int]) -> int | str:
    url = route.url.format(**names)
    if route.form is None:
        answer = somebody.get(url, buffered=True)
    else:
        form = {name: value.format(**names) for name, value in route.form.items()}
        answer = somebody.post(url, form)
    if answer.status_code == 303 and answer.location.startswith("/sign-in"):
        return "sign-in"
    return answer.status_code
