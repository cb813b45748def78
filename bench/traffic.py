"""Seven edits and seven deliveries a second: when edits are in Jira, and deliveries on a page."""

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

from sqlalchemy import select

from app.extensions import db
from app.models import ActionItem, IssueLink, JiraConnection, Team
from bench import backlog, deliveries, load
from bench.browsing import Browser
from bench.line import Line, Row, Run
from bench.machine import Installed, installed
from bench.watching import watching

A_SECOND = 7
WORKERS = 2
ORGANIZATIONS, SECONDS = 200, 60.0
SHORT_ORGANIZATIONS, SHORT_SECONDS = 4, 1.5
EDITED, MOVED = 3, 3  # of each organization's action items
SHOWN_EVERY = 10  # of the deliveries
BEYOND_QUIET = 1.5  # seconds; a read goes before
STORED_P95, STORED_P99 = 1.0, 3.0  # seconds
PATIENCE = 60.0  # seconds


@dataclass(frozen=True)
class Issue:
    """An action item with its issue, and the retrospective that shows it."""

    item_id: int
    retrospective_id: int
    issue_id: str
    site_url: str


@dataclass
class Timed:
    """By the title of an edit, or the id of a moved item: when it was due (perf_counter)."""

    edits: dict[str, float] = field(default_factory=dict)
    moves: dict[int, float] = field(default_factory=dict)


def measure(run: Run) -> list[Row]:
    seconds = SHORT_SECONDS if run.short else SECONDS
    organizations = SHORT_ORGANIZATIONS if run.short else ORGANIZATIONS
    with installed(run, "postgresql", workers=WORKERS) as running:
        edited, moved = _issues(organizations)
        browser = Browser(running.port, "facilitator@bench.test")
        browser.get(f"/retrospectives/{edited[0].retrospective_id}")
        polls = _polls(browser, moved[: int(seconds * A_SECOND) : SHOWN_EVERY])
        running.double.forget()
        timed = Timed()
        requests = _requests(running, browser, timed, edited, moved)
        with watching(running.database) as stored:
            answered = load.at_rate(running.port, requests, 2 * A_SECOND, seconds)
            stored.wait_for(set(timed.moves), PATIENCE)
        news = _with_news(browser, polls)
        put = _put(running, set(timed.edits))
        quiet = float(running.app.config["SYNC_EDIT_DELAYS"][0])
    written = load.Load([put[title] - due for title, due in timed.edits.items()])
    seen = load.Load([stored.at[item] - due for item, due in timed.moves.items()])
    of = f"of {len(written.seconds)}, {ORGANIZATIONS if not run.short else organizations} sites"
    return [
        Row("edit to PUT, p95", written.percentile(0.95), "s", quiet + BEYOND_QUIET,
            against=f"quiet time {quiet:.0f} s; p50 {written.percentile(0.5):.2f} s, {of}"),
        Row("delivery to stored, p95", seen.percentile(0.95), "s", STORED_P95,
            against=f"p50 {seen.percentile(0.5):.2f} s, of {len(seen.seconds)}"),
        Row("delivery to stored, p99", seen.percentile(0.99), "s", STORED_P99),
        Row("polls that bring it, once it is stored", news, "of all", 1.0, at_least=True),
        Row("requests refused meanwhile", answered.refused, "requests", 0),
    ]  # fmt: skip


def _issues(organizations: int) -> tuple[list[Issue], list[Issue]]:
    """What is to be edited and what is to be moved, of each organization in turn."""
    teams = backlog.organizations(organizations)
    for connection in db.session.scalars(select(JiraConnection)):
        deliveries.register(connection)
    db.session.commit()
    many = EDITED + MOVED
    began = time.perf_counter()
    backlog.seconds_until(backlog.commit(teams, many), organizations * many, began)
    found = db.session.execute(
        select(ActionItem.id, ActionItem.retrospective_id, IssueLink.issue_id, IssueLink.site_url)
        .join(IssueLink, IssueLink.action_item_id == ActionItem.id)
        .join(Team, Team.id == ActionItem.team_id)
        .order_by(Team.id, ActionItem.id)
    ).all()
    db.session.rollback()
    issues = [Issue(item, held, str(issue), str(site)) for item, held, issue, site in found]
    in_turn = [issues[at::many] for at in range(many)]
    return sum(in_turn[:EDITED], []), sum(in_turn[EDITED:], [])


def _requests(
    running: Installed, browser: Browser, timed: Timed, edited: list[Issue], moved: list[Issue]
) -> Iterator[bytes]:
    """An edit, then a delivery, and so on; each is noted when it is asked for."""
    token = deliveries.token(int(time.time()))
    for number, move in enumerate(moved):
        title = f"Edited for the {number}th time"
        timed.edits[title] = time.perf_counter()
        yield browser.bytes_of(
            f"/action-items/{edited[number % len(edited)].item_id}", {"title": title}
        )
        if number % 60 == 0:
            token = deliveries.token(int(time.time()))
        running.double.move([move.issue_id], done=True)
        timed.moves[move.item_id] = time.perf_counter()
        body = deliveries.delivery(move.site_url, move.issue_id)
        yield deliveries.posted(running.port, body, token)


def _polls(browser: Browser, moved: list[Issue]) -> list[str]:
    """What a page that shows each of them asks again and again."""
    found = []
    for each in moved:
        page = browser.get(f"/retrospectives/{each.retrospective_id}").text
        asked = re.search(r'hx-get="([^"]*/panel[^"]*pulse=[^"]*)"', page)
        assert asked, "a page of a retrospective in Commit polls its panel"
        found.append(unescape(asked[1]))
    return found


def _with_news(browser: Browser, polls: list[str]) -> float:
    """How many of these are answered with something new."""
    news = [browser.get(address).status_code == 200 for address in polls]
    return sum(news) / len(news)


def _put(running: Installed, titles: set[str]) -> Mapping[str, float]:
    """When each title arrived in Jira."""
    until = time.perf_counter() + PATIENCE
    while True:
        arrived = {
            each["body"].get("fields", {}).get("summary"): each["arrived"]
            for each in running.double.asked()
            if each["method"] == "PUT" and each["body"]
        }
        if titles <= arrived.keys():
            return arrived
        if time.perf_counter() > until:
            raise TimeoutError(f"{len(titles - arrived.keys())} edits did not arrive")
        time.sleep(1)


LINE = Line(
    name="traffic",
    how=(
        f"PostgreSQL, {WORKERS} workers. For {SECONDS:.0f} s {A_SECOND} edits a second are posted "
        f"from the form of an action item, and {A_SECOND} signed deliveries of issues that were "
        f"just moved to Done, over {ORGANIZATIONS} organizations in turn. An edit counts from "
        "when it is due until its PUT arrives, quiet time included; a delivery until the database "
        "holds the item as complete, asked every 20 ms. Then the polls of pages that were open "
        "before are asked once: each has to bring news."
    ),
    simulated="Jira: a process that takes 100 ms a request. One person edits everywhere.",
    minutes=4,
    measure=measure,
)
