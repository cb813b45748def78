"""Many people sign in at once, at a web server as production runs it: each comes in, and nobody
else waits for it."""

import random
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

import pytest
import requests
from flask import Flask

from app.extensions import db
from app.services.organizations import accounts, passwords
from app.services.sign_in import hashing
from tests.support.pace import p95, seconds_of_pages
from tests.support.people import PASSWORD
from tests.support.web_server import WebServer, serving

pytestmark = pytest.mark.whole

AT_ONCE = 60
PEOPLE = 50
WITHIN = 10  # seconds, in which they begin
PATIENCE = 60  # seconds
PRESSES = 10  # seconds until somebody presses *Send again*, where nothing is sent by itself
BETWEEN = 0.05  # seconds between the pages of somebody else


@pytest.fixture
def web(
    tmp_path: Path, app: Flask, database_url: str, redis_url: str, people: list[str]
) -> Iterator[WebServer]:
    with serving(tmp_path, DATABASE_URL=database_url, REDIS_URL=redis_url) as server:
        yield server


@pytest.fixture
def people(app: Flask) -> list[str]:
    """Addresses whose password is hashed as in production, which is what takes so long."""
    hashed = hashing.make(PASSWORD)
    addresses = [f"person{number}@example.test" for number in range(AT_ONCE)]
    for address in addresses:
        passwords.keep(accounts.create_user(address, "Ada Byron"), hashed)
    db.session.commit()
    return addresses


def sign_in(web: WebServer, address: str, until: float) -> int:
    """What a browser does: a page that says that many are ahead sends itself again."""
    browser = requests.Session()
    browser.headers["Host"] = "localhost"
    page = browser.get(f"{web.url}/sign-in", timeout=PATIENCE).text
    fields = hidden_fields(page) | {"email": address, "password": PASSWORD}
    while True:
        kept = "; ".join(f"{each.name}={each.value}" for each in browser.cookies)
        answer = browser.post(
            f"{web.url}/sign-in",
            fields,
            headers={"Cookie": kept},
            allow_redirects=False,
            timeout=PATIENCE,
        )
        if answer.status_code != 503 or time.monotonic() > until:
            return answer.status_code
        fields = hidden_fields(answer.text)
        by_itself = re.findall(r'data-send-again="(\d+)"', answer.text)
        # As app.js does: not all who wait for the same second come in the same moment.
        time.sleep(int(by_itself[0]) - 0.5 + random.random() if by_itself else PRESSES)


def hidden_fields(page: str) -> dict[str, str]:
    """Read without a parser of HTML, which would take more of the machine than the server does."""
    found = re.findall(r'<input [^>]*type="hidden"[^>]*>', page)
    return {
        re.findall(r'name="([^"]*)', each)[0]: unescape(re.findall(r'value="([^"]*)', each)[0])
        for each in found
    }


def test_sixty_sign_ins_at_once_hold_nobody_elses_pages_up(
    web: WebServer, people: list[str]
) -> None:
    until = time.monotonic() + PATIENCE
    quiet = seconds_of_pages(web, pause=BETWEEN)
    with ThreadPoolExecutor(AT_ONCE) as browsers:
        asked = [browsers.submit(sign_in, web, each, until) for each in people]
        busy = seconds_of_pages(web, pause=BETWEEN, ended=lambda: all(a.done() for a in asked))
    quiet = sorted([*quiet, *seconds_of_pages(web, pause=BETWEEN)])  # whatever else happens here

    assert {each.result() for each in asked} == {303}
    assert p95(busy) <= 3 * p95(quiet), f"p95 {p95(busy):.3f} s, quiet {p95(quiet):.3f} s"


def test_fifty_people_of_one_office_come_in_within_ten_seconds(
    web: WebServer, people: list[str]
) -> None:
    began, ended = time.monotonic(), threading.Event()

    def come(number: int) -> int:
        ended.wait(number * WITHIN / PEOPLE)
        return sign_in(web, people[number], began + PATIENCE)

    with ThreadPoolExecutor(PEOPLE) as browsers:
        codes = list(browsers.map(come, range(PEOPLE)))

    assert codes == [303] * PEOPLE
