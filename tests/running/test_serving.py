"""The web server over real sockets, as docs/operations.md says to run it."""

import http.client
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from tests.support.installation import ROOT, eventually
from tests.support.pace import p95, seconds_of_pages
from tests.support.people import PASSWORD
from tests.support.web_server import WebServer, environment, serving

pytestmark = pytest.mark.whole

SLOW_BODIES = 60


@pytest.fixture
def web(tmp_path: Path, database_url: str, redis_url: str, sample: None) -> Iterator[WebServer]:
    with serving(tmp_path, DATABASE_URL=database_url, REDIS_URL=redis_url) as server:
        yield server


@pytest.fixture
def visitor() -> requests.Session:
    session = requests.Session()
    session.headers["Host"] = "localhost"
    return session


def sign_in(visitor: requests.Session, web: WebServer) -> requests.Response:
    page = visitor.get(f"{web.url}/sign-in").text
    [token] = re.findall(r'name="csrf_token" value="([^"]+)"', page)[:1]
    fields = {"csrf_token": token, "email": "admin@acme.test", "password": PASSWORD}
    cookie = "; ".join(f"{each.name}={each.value}" for each in visitor.cookies)
    return visitor.post(
        f"{web.url}/sign-in", fields, headers={"Cookie": cookie}, allow_redirects=False
    )


def test_the_web_server_has_as_many_processes_as_the_settings_say(
    tmp_path: Path, database_url: str, redis_url: str, sample: None
) -> None:
    addresses = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    with serving(tmp_path, WEB_PROCESSES="3", **addresses) as server:
        eventually(lambda: len(psutil.Process(server.process.pid).children()) == 3)


def test_sixty_bodies_that_trickle_hold_nobody_up(web: WebServer) -> None:
    quiet = seconds_of_pages(web)
    with trickling(web, SLOW_BODIES):
        busy = seconds_of_pages(web)
    quiet = sorted([*quiet, *seconds_of_pages(web)])  # whatever else the machine does meanwhile

    assert p95(busy) <= 3 * p95(quiet), f"p95 {p95(busy):.3f} s, quiet {p95(quiet):.3f} s"


def test_a_body_that_came_slowly_counts_like_any_other(web: WebServer) -> None:
    body = b"email=a%40b.test&password=x"
    with connect(web) as sock:
        sock.sendall(head_of_post(len(body)))
        for byte in body:
            sock.sendall(bytes([byte]))
            time.sleep(0.02)
        answer = http.client.HTTPResponse(sock)
        answer.begin()
        said = answer.read().decode()

    assert answer.status == 400  # it has no token, which only the whole of it tells
    assert "Your browser sent no cookie" in said or "This form came incomplete" in said


def test_people_sign_in_and_see_their_pages(web: WebServer, visitor: requests.Session) -> None:
    answer = sign_in(visitor, web)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_a_body_without_a_length_is_measured(web: WebServer, visitor: requests.Session) -> None:
    def chunks(count: int) -> Iterator[bytes]:
        for _ in range(count):
            yield b"x" * 64 * 1024

    visitor.headers["Content-Type"] = "application/x-www-form-urlencoded"
    small = visitor.post(f"{web.url}/sign-in", data=chunks(1))
    large = visitor.post(f"{web.url}/sign-in", data=chunks(18))

    assert (small.status_code, large.status_code) == (400, 413)
    assert "at most 1 MB" in large.text


def test_a_body_that_says_that_it_is_too_large_is_not_read(web: WebServer) -> None:
    with connect(web) as sock:
        sock.sendall(head_of_post(3_000_000))
        answer = http.client.HTTPResponse(sock)
        answer.begin()

    assert answer.status == 413


def test_a_header_with_an_underscore_is_not_taken_for_a_proxys(
    tmp_path: Path, database_url: str, redis_url: str
) -> None:
    given = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "PROXY_COUNT": "1"}
    with serving(tmp_path, **given) as web, connect(web) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX_Forwarded_Prefix: /evil\r\n\r\n")
        answer = http.client.HTTPResponse(sock)
        answer.begin()

        assert answer.headers["Location"] == "/sign-in?next=/"


def connect(web: WebServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", web.port), timeout=20)


def head_of_post(length: int) -> bytes:
    return (
        "POST /sign-in HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


class trickling:  # noqa: N801 - reads like a function in `with`
    """Forms that come in one byte a second, each from a connection of its own."""

    def __init__(self, web: WebServer, count: int) -> None:
        self.sockets = [connect(web) for _ in range(count)]
        self.ended = threading.Event()
        self.sender = threading.Thread(target=self._trickle)

    def __enter__(self) -> None:
        for sock in self.sockets:
            sock.sendall(head_of_post(900))
        self.sender.start()
        time.sleep(2)

    def _trickle(self) -> None:
        while not self.ended.wait(1):
            for sock in self.sockets:
                sock.sendall(b"a")

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.sender.join()
        for sock in self.sockets:
            sock.close()


def test_what_a_process_makes_at_its_start_is_no_garbage_to_look_through(
    database_url: str, redis_url: str
) -> None:
    """A round of the collector over all of it would halt what is being answered."""
    asked = "import gc, wsgi; print(gc.get_freeze_count(), len(gc.get_objects()))"
    told = environment({"DATABASE_URL": database_url, "REDIS_URL": redis_url})

    ran = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env=told,
        capture_output=True,
        text=True,
        check=True,
    )

    left_out, looked_through = map(int, ran.stdout.split())
    assert left_out > 10 * looked_through
