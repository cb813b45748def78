"""Who looks at what somebody else was just shown is given the same: only where it would be drawn
the same for them, and nothing has been written since."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask, template_rendered
from sqlalchemy import text

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, LinkState, Phase, ProjectMapping, Role
from app.web import drawn_panels
from tests.support import factories
from tests.support.acme import (
    acme,
    connect_and_choose,
    items,
    link,
    membership,
    person,
    sprint_14,
    suspend,
    team,
)
from tests.support.people import Answer, Person

pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
# Two of each kind: members with action items of their own, without any, who leads, who administers.
KINDS = (("member1", "member2"), ("sam", "ann"), ("facilitator", "lea"), ("admin", "owner"))
EVERYBODY = tuple(name for kind in KINDS for name in kind)
ADDRESSES = ("?pulse=old", "?pulse=old&phase=discuss", "?pulse=old&phase=commit&creating=1-2&done=")
TOKEN = re.compile(r'name="csrf_token" value="([^"]*)"')


@pytest.fixture
def drawn(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The panels that were drawn since, all within what is a second elsewhere."""
    monkeypatch.setattr(drawn_panels, "SECONDS", 600.0)
    names: list[str] = []

    def note(_app: object, template: object, **_: object) -> None:
        name = str(getattr(template, "name", ""))
        if name in {"action_items/_panel.html", "retrospectives/_retrospective.html"}:
            names.append(name)

    with template_rendered.connected_to(note, app), time_machine.travel(utcnow(), tick=False):
        yield names


@pytest.fixture
def people(sample: None, signed_in: Callable[[str], Person]) -> dict[str, Person]:
    for name in ("sam", "ann", "lea"):
        user = factories.member(acme(), factories.user(f"{name}@acme.test", name.capitalize()))
        factories.team_member(team(), user, facilitator=name == "lea")
        user.time_zone = person("Fatima").time_zone
    connect_and_choose()
    link(items()[0])
    link(items()[1], LinkState.SYNCING, key=None)
    link(items()[4], LinkState.ERROR, key=None, failure_message="No.")
    sprint_14(Phase.COMMIT)
    return {name: signed_in(f"{name}@acme.test") for name in EVERYBODY}


def ask(somebody: Person, address: str = ADDRESSES[0]) -> Answer:
    answer = somebody.get(
        f"/retrospectives/{items()[0].retrospective_id}/panel{address}", htmx=True
    )
    assert answer.status_code == 200
    return answer


def html_of(answer: Answer) -> str:
    """But for the token."""
    return TOKEN.sub("", answer.get_data(as_text=True))


def moment() -> object:
    db.session.rollback()
    return db.session.scalar(text("SELECT CAST(pg_current_snapshot() AS text)"))


@pytest.fixture
def in_one_moment(app: Flask, drawn: list[str]) -> Callable[..., Any]:
    """What it returns, in a moment in which PostgreSQL writes nothing for itself."""

    def within(do: Callable[[], Any]) -> Any:
        while True:
            forget(app)
            drawn.clear()
            before, done = moment(), do()
            if moment() == before:
                return done

    return within


def forget(app: Flask) -> None:
    app.extensions[drawn_panels.NAME] = drawn_panels.DrawnPanels()


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("first", [0, 1])
def test_each_is_given_what_would_be_drawn_for_them(
    app, people, drawn, in_one_moment, address, first
):
    names = EVERYBODY[first::2] + EVERYBODY[1 - first :: 2]

    def all_of_them() -> dict[str, str]:
        return {name: html_of(ask(people[name], address)) for name in names}

    given, again = in_one_moment(lambda: (all_of_them(), all_of_them()))
    assert len(drawn) == 5  # one for each kind, and one more for whoever has action items

    for name in names:
        forget(app)
        assert given[name] == again[name] == html_of(ask(people[name], address))
    assert len({given[name] for name in ("member1", "member2", "sam", "lea")}) == 4


def test_each_has_a_token_of_their_own(people, drawn, in_one_moment):
    first, second = in_one_moment(lambda: (ask(people["admin"]), ask(people["owner"])))

    assert len(drawn) == 1
    tokens = [set(TOKEN.findall(each.get_data(as_text=True))) for each in (first, second)]
    assert [len(each) for each in tokens] == [1, 1]
    assert tokens[0] != tokens[1]
    item = items()[1]
    answer = people["owner"].post(
        f"/action-items/{item.id}/completion", {"csrf_token": tokens[1].pop()}, htmx=True
    )
    assert answer.status_code == 200


def test_a_move_of_the_phase_tells_all_of_them_where_it_goes(people, drawn, in_one_moment):
    answers = in_one_moment(lambda: [ask(people[each], ADDRESSES[1]) for each in ("sam", "ann")])

    assert drawn == ["retrospectives/_retrospective.html"]
    assert {each.headers["HX-Retarget"] for each in answers} == {"#retrospective"}


def test_whoever_acts_is_not_shown_what_was_before(people, drawn):
    ask(people["admin"])
    item = items()[2]
    people["owner"].post(f"/action-items/{item.id}/completion", htmx=True)

    checks = {each.get("id"): each for each in ask(people["owner"]).page.all("button")}
    assert checks[f"item-{item.id}-check"].get("aria-checked") == "true"


def test_each_reads_times_in_their_own_zone(people, drawn):
    row = link(items()[2], LinkState.RETRYING, key=None, tries=1)
    row.not_before = utcnow() + timedelta(hours=1)
    person("Olga").time_zone, person("Adam").time_zone = "Asia/Kolkata", "Europe/Berlin"

    assert html_of(ask(people["owner"])) != html_of(ask(people["admin"]))


def rename() -> None:
    person("Tom").name = "Tomás Ruiz"


def retitle() -> None:
    sprint_14(Phase.COMMIT).title = "Another title"


def hold_another_day() -> None:
    sprint_14(Phase.COMMIT).held_on = date(2020, 2, 3)


def name_the_project() -> None:
    db.session.query(ProjectMapping).one().project_name = "Tools"


def say_of_another_site() -> None:
    connection = db.session.query(JiraConnection).one()
    connection.site_url = "https://other.atlassian.net"


def pause() -> None:
    suspend(db.session.query(JiraConnection).one(), "Somebody moves it")


def assign() -> None:
    items()[3].assignee_id = person("Sam").id


def demote() -> None:
    membership("Adam").role = Role.MEMBER


@pytest.mark.parametrize(
    "change",
    [
        rename,
        retitle,
        hold_another_day,
        name_the_project,
        say_of_another_site,
        pause,
        assign,
        demote,
    ],
)
def test_whatever_changed_is_drawn_anew(app, people, drawn, change):
    before = html_of(ask(people["admin"], ADDRESSES[1]))
    change()
    db.session.commit()

    given = html_of(ask(people["admin"], ADDRESSES[1]))

    assert given != before
    forget(app)
    assert given == html_of(ask(people["admin"], ADDRESSES[1]))


def test_nothing_is_kept_for_longer_than_a_second(app, people, drawn, monkeypatch):
    ask(people["admin"])
    monkeypatch.setattr(drawn_panels, "SECONDS", 0.0)

    ask(people["owner"])

    assert len(drawn) == 2


def test_only_so_many_are_kept(app, people, drawn, monkeypatch):
    monkeypatch.setattr(drawn_panels, "MOST", 2)
    for number in range(4):
        ask(people["admin"], f"?pulse=old&creating={number}")

    assert len(app.extensions[drawn_panels.NAME]._kept) == 2


def test_who_may_not_see_it_is_not_given_what_others_were(people, drawn, signed_in):
    page = f"/retrospectives/{items()[0].retrospective_id}/panel{ADDRESSES[0]}"
    ask(people["sam"])

    assert signed_in("owner@tiny.test").get(page, htmx=True).status_code == 404
