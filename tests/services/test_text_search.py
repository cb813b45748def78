"""What somebody types is found in titles and keys, and means nothing but itself."""

from collections.abc import Callable

import pytest
from sqlalchemy import column, insert, select, table, text

from app.extensions import db
from app.models import ActionItem, LinkState, SyncEntry, Team
from app.services import text_search
from app.services.retrospectives import action_item_search
from app.services.retrospectives.action_item_search import FoundItems
from app.services.retrospectives.item_filters import Completion, Filters
from app.services.sync_log import pages
from app.services.sync_log.narrowing import Filters as LogFilters
from app.services.text_search import Reach
from tests.support import factories
from tests.support.acme import acme, connect_and_choose, items, link, sprint_14, team
from tests.support.people import Person
from tests.support.sync_entries import entry

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("app", "sample")]

ODD = (
    '"', "'", '" OR "', "a AND b", "NEAR(a b)", "title:x", "-x", "^x", "x*", "(", "{a b}", "100%",
    "a_c", "\\", "\\%", "%%%", "___", "مرحبا بالعالم", "\u202eabc", "שלום", "日本語", "é", "🙂🙂🙂",
    "丁丁丁", "…", "a…", ";", "--", "x" * 10_000,
)  # fmt: skip


def found(words: str, teams: list[Team] | None = None) -> FoundItems:
    filters = Filters(completion=Completion.ALL, text=words)
    everywhere = acme().teams if teams is None else teams
    return action_item_search.search(acme(), everywhere, filters, sprint_14().held_on)


def titles(words: str, teams: list[Team] | None = None) -> set[str]:
    return {item.title for item in found(words, teams).items}


@pytest.mark.parametrize("words", ODD)
def test_whatever_is_typed_is_text(words: str) -> None:
    own = f"Before {words[:200]} after"
    factories.action_item(sprint_14(), own)
    factories.action_item(sprint_14(), "Something else entirely")

    asked = f"Before {words[:200]}"
    assert titles(asked) == {own}
    assert "Something else entirely" not in titles(words)


@pytest.mark.parametrize(
    ("words", "finds"),
    [
        ("canary", True),
        ("CANARY STAGE", True),
        ("  nary   sta ", True),
        ("Ad", True),
        ("a", True),
        ("na", False),
        ("stage canary", False),
    ],
)
def test_three_letters_are_found_anywhere_and_fewer_where_a_title_begins(
    words: str, finds: bool
) -> None:
    title = "Add a canary stage"
    factories.action_item(sprint_14(), title)

    assert (title in titles(words)) is finds


def test_a_new_title_is_found_and_the_old_one_is_not() -> None:
    item = factories.action_item(sprint_14(), "Measure the zephyr")
    item.title = "Measure the mistral"
    db.session.flush()

    assert titles("mistral") == {"Measure the mistral"}
    assert titles("zephyr") == set()


def test_a_key_is_found_by_a_part_of_it() -> None:
    connect_and_choose()
    link(items()[0], key="PLAT-142")
    link(items()[1], key="OPS-9")

    assert titles("plat-14") == {items()[0].title}
    assert titles("142") == {items()[0].title}


def test_nothing_of_other_teams_and_organizations_is_found() -> None:
    elsewhere = factories.retrospective(factories.team(factories.organization()))
    factories.action_item(elsewhere, "Their zephyr")
    factories.action_item(factories.retrospective(team("Mobile")), "Mobile's zephyr")
    factories.action_item(sprint_14(), "Our zephyr")

    assert titles("zephyr", [team()]) == {"Our zephyr"}
    assert titles("zephyr") == {"Our zephyr", "Mobile's zephyr"}


def test_the_log_finds_what_an_item_was_called_then_and_is_called_now() -> None:
    connect_and_choose()
    item = factories.action_item(sprint_14(), "Measure the zephyr")
    logged = entry(link(item, LinkState.SYNCED), title="Measure the sirocco").id

    def log(words: str) -> list[int]:
        return [each.id for each in pages.page(acme().id, LogFilters(text=words)).entries]

    assert log("sirocco") == log("ZEPHYR") == log("plat-142") == [logged]
    assert log("mistral") == []


def test_of_very_many_the_newest_are_listed_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_search, "MOST", 3)
    for number in range(5):
        factories.action_item(sprint_14(), f"Zephyr {number}")

    assert titles("zephyr") == {"Zephyr 2", "Zephyr 3", "Zephyr 4"}
    assert found("zephyr").cut
    assert not found("zephyr 4").cut


def test_without_the_index_the_newest_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_search, "NEWEST", 3)
    for number in range(5):
        factories.action_item(sprint_14(), f"Zephyr {number}")
    drop_the_index()

    assert found("zephyr").reach is Reach.NEWEST
    assert titles("zephyr") == {"Zephyr 2", "Zephyr 3", "Zephyr 4"}
    assert titles("ze") == {"Zephyr 2", "Zephyr 3", "Zephyr 4"}
    assert titles("phyr 1") == set()


def test_the_log_says_so_too(signed_in: Callable[[str], Person]) -> None:
    connect_and_choose()
    entry(link(items()[0]))
    said = "Only the newest 10,000 were searched."
    log = "/organizations/acme/settings/integrations/jira/sync-log"
    admin = signed_in("admin@acme.test")
    assert said not in admin.get(f"{log}?text=plat").page.text
    drop_the_index()
    db.session.commit()

    assert said in admin.get(f"{log}?text=plat").page.text
    assert said in admin.get("/organizations/acme/action-items?text=canary").page.text


def drop_the_index() -> None:
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("DROP INDEX ix_action_item_title_trigrams"))
        return
    for trigger in ("found", "found_anew", "lost"):
        db.session.execute(text(f"DROP TRIGGER action_item_{trigger}"))
    db.session.execute(text("DROP TABLE action_item_text"))


def test_the_index_of_sqlite_stays_whole() -> None:
    """As FTS5 itself sees it, after rows came, changed and went."""
    if db.engine.dialect.name == "postgresql":
        return
    connect_and_choose()
    item = items()[0]
    logged = entry(link(item), title="Something")
    item.title = "Another"
    logged.title = "Something else"
    db.session.flush()
    db.session.delete(logged)
    db.session.flush()

    for name in ("action_item_text", "issue_link_text", "sync_entry_text"):
        index = table(name, column(name), column("rank"))  # an FTS5 table takes orders as rows
        db.session.execute(insert(index).values({name: "integrity-check", "rank": 1}))
    assert db.session.scalars(select(SyncEntry.id)).all() == []
    assert db.session.get(ActionItem, item.id) is item
