"""After a day's work nothing that is secret, or somebody's, lies where it should not.

A whole installation is used as people use it, and then searched: logs, queue, Redis, database,
downloads, metrics, traces and error pages. What is looked for is first shown to exist.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
import requests
from cryptography.fernet import Fernet
from redis import Redis

from demo.environment import JIRA_CLIENT_SECRET
from tests.support.collector import Collected, collecting
from tests.support.installation import Installation, eventually, installed
from tests.support.main_path import choose, commit, connect, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Screenshot = Callable[[Page, str], None]
    NewPage = Callable[..., Page]

METRICS = "for-metrics-0u7Qx-and-nothing-beside-them"
WRONG = "a-guess-of-somebody"
# Whose is in what people wrote, and who they are: in pages and rows, never in a log.
PERSONAL = (
    "admin@acme.test", "member1@acme.test", "Maya Lindqvist", "Write a runbook for Redis failover",
    "Sprint 14 Retro",
)  # fmt: skip


@pytest.fixture(scope="module")
def traces() -> Iterator[Collected]:
    with collecting() as collected:
        yield collected


@pytest.fixture(scope="module")
def installation(
    tmp_path_factory: pytest.TempPathFactory, traces: Collected
) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("searched")
    soon = {"SYNC_RETRY_DELAYS": "0.5,1,2", "SYNC_PROBE_DELAYS": "0.5,0.5"}
    told = {"METRICS_TOKEN": METRICS, "OTEL_EXPORTER_OTLP_ENDPOINT": traces.url}
    with installed(folder, **told, **soon) as running:
        yield running.start()


def test_secrets_and_people_stay_where_they_belong(
    installation: Installation,
    traces: Collected,
    new_page: "NewPage",
    screenshot: "Screenshot",
) -> None:
    page = new_page()
    answers = [use(installation, page, screenshot), errors(installation)]
    kept = json.loads((installation.instance / "demo-secrets.json").read_text())
    rows, redis = database(installation), everything_in_redis(installation)
    logs = "\n".join(path.read_text() for path in installation.instance.glob("logs/*.log"))
    session = next(each for each in page.context.cookies() if each["name"] == "unpack")["value"]
    secrets = {
        "access token": token_of(installation, kept, "access_token"),
        "refresh token": token_of(installation, kept, "refresh_token"),
        "client secret": JIRA_CLIENT_SECRET,
        "session cookie": session,
        "metrics' token": METRICS,
        "guess": WRONG,
        **{f"secret {name}": value for name, value in kept.items()},
    }

    assert "push failed" in logs
    assert "Write a runbook" in rows
    eventually(lambda: "jira create_issue" in traces.text() and "/phase" in traces.text())
    assert all(len(secret) > 15 for secret in secrets.values())
    for place, text in {
        "logs": logs, "database": rows, "Redis": redis, "answers": "\n".join(answers),
        "traces": traces.text(),
    }.items():  # fmt: skip
        assert [name for name, secret in secrets.items() if secret in text] == [], place
    for place, text in {
        "logs": logs,
        "Redis": redis,
        "metrics": metrics(installation),
        "traces": traces.text(),
    }.items():
        assert [words for words in PERSONAL if words in text] == [], place


def use(installation: Installation, page: "Page", screenshot: "Screenshot") -> str:
    """The main path, and what was downloaded on the way."""
    sign_in(page, installation.url, "admin@acme.test")
    connect(page, screenshot)
    choose(page, screenshot)
    fault = {"arguments": ["error", "create"], "times": 1}  # failures have lines of their own
    assert installation.jira("POST", "/_control/fault", json=fault).ok
    page.goto(f"{installation.url}/organizations/acme")
    commit(page, screenshot)
    said = [
        page.request.get(f"{installation.url}/organizations/acme/settings/{path}").text()
        for path in ("integrations/jira/sync-log/entries.csv", "history/changes.csv")
    ]
    assert all("," in each for each in said)
    return "\n".join(said)


def errors(installation: Installation) -> str:
    """What somebody gets who guesses, forges and goes astray."""
    browser = requests.Session()
    door = browser.get(f"{installation.url}/sign-in").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', door)
    assert found
    sent = {"csrf_token": found[1], "email": "admin@acme.test", "password": WRONG}
    return "\n".join(
        answer.text
        for answer in (
            browser.post(f"{installation.url}/sign-in", sent),
            browser.post(f"{installation.url}/sign-in", {"password": WRONG}),
            browser.get(f"{installation.url}/nowhere?token={WRONG[:3]}"),
            browser.post(
                f"{installation.url}/webhooks/jira", headers={"Authorization": f"Bearer {WRONG}"}
            ),
        )
    )


def metrics(installation: Installation) -> str:
    headers = {"Authorization": f"Bearer {METRICS}"}
    answer = requests.get(f"{installation.url}/metrics", headers=headers, timeout=10)
    assert answer.ok
    return answer.text


def database(installation: Installation) -> str:
    """All rows, but for the demo's outbox, which shows links on purpose."""
    with sqlite3.connect(installation.instance / "unpack.db") as connection:
        return "\n".join(
            line for line in connection.iterdump() if not line.startswith('INSERT INTO "mail"')
        )


def token_of(installation: Installation, kept: dict[str, str], column: str) -> str:
    """As Atlassian gave it."""
    with sqlite3.connect(installation.instance / "unpack.db") as connection:
        [stored] = connection.execute(f"SELECT {column} FROM jira_connection").fetchone()  # noqa: S608
    return Fernet(kept["TOKEN_ENCRYPTION_KEYS"]).decrypt(stored).decode()


def everything_in_redis(installation: Installation) -> str:
    redis = Redis(unix_socket_path=str(installation.instance / "redis.sock"))
    read: dict[bytes, Callable[[bytes], object]] = {
        b"string": redis.get,
        b"hash": redis.hgetall,
        b"set": redis.smembers,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"zset": lambda key: redis.zrange(key, 0, -1),
        b"stream": redis.xrange,
    }
    return "\n".join(f"{key!r} {read[redis.type(key)](key)!r}" for key in redis.scan_iter())
