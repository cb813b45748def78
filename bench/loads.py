"""What a first visit and the pages after it weigh on the wire."""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

import brotli
import requests

from bench import backlog
from bench.browsing import PATIENCE, Browser
from bench.line import Line, Row, Run
from bench.machine import installed

ITEMS = 50
FIRST, LATER = 150.0, 15.0  # kB
ENCODINGS = "gzip, deflate, br, zstd"  # as Chromium asks
KB = 1000
UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "": bytes,
}
LATER_PAGES = {
    "home": "/organizations/organization-0",
    "action items": "/organizations/organization-0/action-items",
    "settings, with files of its own": "/organizations/organization-0/settings/integrations/jira",
    "settings": "/organizations/organization-0/settings/integrations/jira",
    "Sync Log": "/organizations/organization-0/settings/integrations/jira/sync-log",
}
NAMED = re.compile(r"""["'(](/static/[^"'()#\s]+|[^"'()#\s]+\.woff2)(?:#[^"'()\s]*)?["')]""")
STATUS_LINE = len("HTTP/1.1 200 OK\r\n\r\n")


@dataclass
class Weight:
    """Bytes as they came, headers included, and the same if nothing were compressed."""

    sent: int = 0
    unpacked: int = 0

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(self.sent + other.sent, self.unpacked + other.unpacked)


class Visitor:
    """Loads pages as a browser does: whatever they name, and nothing twice."""

    def __init__(self, url: str) -> None:
        self.session = requests.Session()
        self._url = url
        self._kept: set[str] = set()

    def load(self, path: str) -> Weight:
        """A page, with the files that it or its stylesheets name and that were not loaded yet."""
        weight, wanted = Weight(), [path]
        while wanted:
            address = wanted.pop()
            named = {urljoin(address, unescape(each)) for each in self._named(address, weight)}
            wanted += sorted(named - self._kept)
            self._kept |= named
        return weight

    def _named(self, address: str, weight: Weight) -> list[str]:
        """The files that it names; what it weighs is added."""
        answer = self.session.get(
            self._url + address,
            headers={"Accept-Encoding": ENCODINGS},
            stream=True,
            timeout=PATIENCE,
        )
        answer.raise_for_status()
        content = answer.raw.read(decode_content=False)
        whole = UNPACK[answer.headers.get("Content-Encoding", "")](content)
        weight.sent += _head(answer) + len(content)
        weight.unpacked += _head(answer) + len(whole)
        names_files = answer.headers["Content-Type"].startswith(("text/html", "text/css"))
        return NAMED.findall(whole.decode()) if names_files else []


def _head(answer: requests.Response) -> int:
    """Its status and headers, as they are written."""
    fields = answer.raw.headers.items()
    return STATUS_LINE + sum(len(f"{name}: {value}\r\n") for name, value in fields)


def measure(run: Run) -> list[Row]:
    with installed(run, "sqlite", workers=1) as running:
        [retrospective] = backlog.commit(backlog.organizations(1), ITEMS)
        visitor = Visitor(running.url.replace("127.0.0.1", "localhost"))
        first = visitor.load("/sign-in")
        visitor.session = Browser(running.port, "facilitator@bench.test").session
        first += visitor.load(f"/retrospectives/{retrospective}")
        later = {name: visitor.load(path) for name, path in LATER_PAGES.items()}
    return [
        _row(f"sign-in and a retrospective of {ITEMS}, nothing kept", first, FIRST),
        *(_row(f"{name}, after it", weight, LATER) for name, weight in later.items()),
    ]


def _row(what: str, weight: Weight, most: float) -> Row:
    return Row(what, weight.sent / KB, "kB", most, against=f"{weight.unpacked / KB:.0f} unpacked")


LINE = Line(
    name="loads",
    how=(
        f"What a browser gets that keeps nothing yet: the sign-in page, a retrospective of {ITEMS} "
        "action items, and every file that they name, font and htmx included; then other pages, "
        "each with what was not loaded before. Bytes over HTTP, compressed as Chromium asks for, "
        "headers included. The tests ask the same of Chromium itself."
    ),
    simulated="Jira: a process that takes 100 ms a request.",
    minutes=0.5,
    measure=measure,
)
