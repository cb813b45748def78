"""Unpack on a pooler in transaction mode: each transaction may get another session."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
from flask import Flask
from redis import Redis
from rq import Queue, Worker
from rq.registry import FailedJobRegistry, FinishedJobRegistry
from rq.serializers import JSONSerializer

from app.extensions import db
from tests.support import main_path
from tests.support.acme import connect, items
from tests.support.installation import eventually, installed
from tests.support.people import PASSWORD
from tests.support.processes import Start, processes
from tests.support.programs import pgbouncer
from tests.support.web_server import WebServer, serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.proxies

SIGN_IN = "/sign-in"
# Of a ticker, which ticks once a second.
TICKS = 4  # seconds


@pytest.fixture
def database_kind() -> str:
    return "postgresql"


@pytest.fixture
def pooled(database_url: str) -> Iterator[str]:
    with pgbouncer(database_url) as url:
        yield url


@pytest.fixture
def web(tmp_path: Path, pooled: str, redis_url: str, sample: None) -> Iterator[WebServer]:
    with serving(tmp_path, DATABASE_URL=pooled, REDIS_URL=redis_url) as server:
        yield server


@pytest.fixture
def start(pooled: str, redis_url: str) -> Iterator[Start]:
    with processes(DATABASE_URL=pooled, REDIS_URL=redis_url) as start:
        yield start


def signed_in(web: WebServer) -> requests.Session:
    browser = requests.Session()
    browser.headers["Host"] = "localhost"
    page = browser.get(web.url + SIGN_IN)
    [token] = re.findall(r'name="csrf_token" value="([^"]+)"', page.text)[:1]
    fields = {"csrf_token": token, "email": "facilitator@acme.test", "password": PASSWORD}
    browser.headers["Cookie"] = page.headers["Set-Cookie"].partition(";")[0]
    answer = browser.post(web.url + SIGN_IN, fields, allow_redirects=False)
    assert answer.status_code == 303, answer.text
    browser.headers["Cookie"] = answer.headers["Set-Cookie"].partition(";")[0]
    return browser


def test_people_read_and_write_at_once(app: Flask, web: WebServer) -> None:
    retrospective = f"/retrospectives/{items()[0].retrospective_id}"
    db.session.rollback()
    browser = signed_in(web)
    page = browser.get(web.url + retrospective)
    [token] = re.findall(r'name="csrf_token" value="([^"]+)"', page.text)[:1]
    cookie = page.headers["Set-Cookie"].partition(";")[0]  # its session holds the token

    def read_and_write(number: int) -> list[int]:
        own = {"headers": {"Host": "localhost", "Cookie": cookie}, "timeout": 20}
        pages = [web.url + retrospective, f"{web.url}/organizations/acme/action-items"]
        codes = [requests.get(each, **own).status_code for each in pages * 4]  # type: ignore[arg-type]
        written = requests.post(
            f"{web.url}{retrospective}/action-items",
            {"csrf_token": token, "title": f"Item {number}"},
            allow_redirects=False,
            **own,  # type: ignore[arg-type]
        )
        return [*codes, written.status_code]

    with ThreadPoolExecutor(6) as people:
        codes = [code for each in people.map(read_and_write, range(24)) for code in each]

    assert set(codes) == {200, 303}, sorted(codes)
    assert "already exists" not in web.log.read_text()


def test_workers_and_ticker_do_their_jobs(
    start: Start, redis: Redis, sample: None, app: Flask
) -> None:
    connection_id = connect().id
    db.session.commit()
    db.session.remove()
    worker, ticker = start("jobs.worker"), start("jobs.ticker")
    queue = Queue("sync", connection=redis, serializer=JSONSerializer)
    eventually(lambda: Worker.count(connection=redis) == 1)

    for job in ("sync_connection", "refresh_metadata", "keep_webhook", "notify_admins") * 4:
        queue.enqueue(f"jobs.{job}.run", connection_id, result_ttl=600)
    finished = FinishedJobRegistry(queue=queue, connection=redis)
    failed = FailedJobRegistry(queue=queue, connection=redis)
    eventually(lambda: finished.count + failed.count >= 16)
    time.sleep(TICKS)

    assert failed.count == 0
    for process in (worker, ticker):
        process.terminate()
        said, _ = process.communicate(timeout=30)
        assert "already exists" not in said
        assert "Traceback" not in said
        assert "ticks do nothing" not in said


def test_five_items_become_five_issues(
    tmp_path: Path, pooled: str, new_page: "Callable[..., Page]"
) -> None:
    """The whole way, from consent to keys, with the demo's processes and two connections."""
    with installed(tmp_path / "instance", DATABASE_URL=pooled) as running:
        running.start()
        admin, facilitator = new_page(), new_page()
        main_path.sign_in(admin, running.url, "admin@acme.test")
        main_path.connect(admin, no_look)
        main_path.choose(admin, no_look)
        main_path.sign_in(facilitator, running.url, "facilitator@acme.test")
        main_path.commit(facilitator, no_look)

        keys = facilitator.locator(".item .key a").all_inner_texts()
        assert len({key.strip() for key in keys}) == 5
        for name in ("web", "worker 1", "worker 2", "ticker"):
            assert not re.search(r"already exists|level=error|trace=", running.log(name)), name


def no_look(_page: "Page", _name: str) -> None:
    """The looks of this way are stored by another test."""
