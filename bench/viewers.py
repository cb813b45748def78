"""People who have a page open that polls: each asks as `static/js/polling.js` does."""

import asyncio
import random
import re
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from math import ceil
from pathlib import Path

from bench.load import Load

POLLING = Path(__file__).resolve().parents[1] / "static/js/polling.js"
# An answer may take one in so many seconds of asking, or as long as makes so many seconds of them.
SHARE = int(re.findall(r"const SHARE = (\d+);", POLLING.read_text())[0])
LONGEST = int(re.findall(r"const LONGEST_WHEN_BUSY = (\d+) \* SECOND;", POLLING.read_text())[0])
SPREAD = float(re.findall(r"const SPREAD = ([\d.]+);", POLLING.read_text())[0])
POLL = re.compile(r'hx-get="([^"]*/panel[^"]*pulse=[^"]*)"\s+hx-trigger="every (\d+)s')


@dataclass(frozen=True)
class Poll:
    """What a page asks for, and every how many seconds."""

    address: str
    interval: int


def poll_of(html: str) -> Poll:
    """What the page or its fragment asks."""
    found = POLL.search(html)
    assert found, "a retrospective in Commit, of which something moves, polls"
    return Poll(unescape(found[1]), int(found[2]))


@dataclass
class Watched:
    """What people saw. load: of what they asked from the news on. until: seconds from then until
    each saw it. computed: processor seconds of the installation since."""

    load: Load = field(default_factory=Load)
    until: list[float] = field(default_factory=list)
    happened: float | None = None
    computed: float = 0.0


@dataclass(frozen=True)
class Page:
    """A page that people have open, on the server at `port`."""

    port: int
    cookie: str
    poll: Poll


def watch(
    page: Page, viewers: int, before: float, news: Callable[[], None], after: float
) -> Watched:
    """So many people at the same page, who came within one interval, have it open for `before`
    seconds; then what `news` does happens, and they look on for `after` seconds."""
    return asyncio.run(_watch(page, viewers, before, news, after))


async def _watch(
    page: Page, viewers: int, before: float, news: Callable[[], None], after: float
) -> Watched:
    seen, began = Watched(), time.perf_counter()
    until = began + before + after

    async def happen() -> None:
        await asyncio.sleep(before)
        await asyncio.to_thread(news)
        seen.happened = time.perf_counter()

    await asyncio.gather(happen(), *(_look(page, until, seen) for _ in range(viewers)))
    seen.load.within = time.perf_counter() - began - before
    return seen


async def _look(page: Page, until: float, seen: Watched) -> None:
    poll, saw = page.poll, False
    every: float = poll.interval
    await asyncio.sleep(random.random() * poll.interval)  # noqa: S311 - no secret
    connection = await asyncio.open_connection("127.0.0.1", page.port)
    before = None
    while (asked := time.perf_counter()) < until:
        waited = asked - before if before is not None else poll.interval
        answer = await _ask(*connection, page, poll, waited)
        took = time.perf_counter() - asked
        if seen.happened is not None and asked >= seen.happened:
            seen.load.seconds.append(took)
            seen.load.refused += answer.status not in {200, 204}
            if answer.status == 200 and not saw:
                saw = True
                seen.until.append(time.perf_counter() - seen.happened)
        poll = poll_of(answer.html) if answer.status == 200 else poll
        every = poll.interval if answer.status == 200 else answer.every or every
        after = answer.after * (1 + SPREAD * (2 * random.random() - 1))  # noqa: S311 - no secret
        wait = max(every, min(took * SHARE, LONGEST), after)
        # htmx wakes once in an interval; polling.js lets it ask when enough time has passed.
        wakes = max(1, ceil(wait / poll.interval - 0.5))
        before = asked
        await asyncio.sleep(max(0.0, asked + wakes * poll.interval - time.perf_counter()))
    connection[1].close()


@dataclass(frozen=True)
class Answer:
    """after: how many seconds the server has each page wait. every: how many this one waits by now,
    0 where it does not say."""

    status: int
    after: float
    every: float
    html: str


async def _ask(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    page: Page,
    poll: Poll,
    waited: float,
) -> Answer:
    lines = [
        f"GET {poll.address} HTTP/1.1",
        f"Host: localhost:{page.port}",
        f"Cookie: {page.cookie}",
        "HX-Request: true",
        f"Poll-Waited: {waited:.1f}",
        "Accept-Encoding: gzip",
    ]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = _header(head, b"content-length")
    body = await reader.readexactly(int(length)) if length else b""
    packed = _header(head, b"content-encoding") == b"gzip"
    html = (zlib.decompress(body, 31) if packed else body).decode()
    after, every = (float(_header(head, name) or 0) for name in (b"poll-after", b"poll-every"))
    return Answer(int(head[9:12]), after, every, html)


def _header(head: bytes, name: bytes) -> bytes:
    _, _, value = head.partition(b"\r\n" + name + b":")
    return value.split(b"\r\n", 1)[0].strip()
