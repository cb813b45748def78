"""People who have a page open that polls: each asks as `static/js/polling.js` does."""

import asyncio
import random
import re
import time
import zlib
from dataclasses import dataclass
from html import unescape
from math import ceil
from pathlib import Path

from bench.load import Load

POLLING = Path(__file__).resolve().parents[1] / "static/js/polling.js"
# An answer may take one in so many seconds of asking, or as long as makes so many seconds of them.
SHARE = int(re.findall(r"const SHARE = (\d+);", POLLING.read_text())[0])
LONGEST = int(re.findall(r"const LONGEST_WHEN_BUSY = (\d+) \* SECOND;", POLLING.read_text())[0])
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


def watch(port: int, cookie: str, poll: Poll, viewers: int, seconds: float) -> Load:
    """So many people at the same page, who came within one interval."""
    return asyncio.run(_watch(port, cookie, poll, viewers, seconds))


async def _watch(port: int, cookie: str, poll: Poll, viewers: int, seconds: float) -> Load:
    load, began = Load(), time.perf_counter()
    until = began + seconds
    await asyncio.gather(*(_look(port, cookie, poll, until, load) for _ in range(viewers)))
    load.within = time.perf_counter() - began
    return load


async def _look(port: int, cookie: str, poll: Poll, until: float, load: Load) -> None:
    await asyncio.sleep(random.random() * poll.interval)  # noqa: S311 - no secret
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (asked := time.perf_counter()) < until:
        status, html = await _ask(reader, writer, port, cookie, poll)
        took = time.perf_counter() - asked
        load.seconds.append(took)
        load.refused += status not in {200, 204}
        poll = poll_of(html) if status == 200 else poll
        # htmx wakes once in an interval; polling.js lets it ask when enough time has passed.
        wakes = max(1, ceil(min(took * SHARE, LONGEST) / poll.interval - 0.5))
        await asyncio.sleep(max(0.0, asked + wakes * poll.interval - time.perf_counter()))
    writer.close()


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, cookie: str, poll: Poll
) -> tuple[int, str]:
    """Status and body of the answer."""
    lines = [
        f"GET {poll.address} HTTP/1.1",
        f"Host: localhost:{port}",
        f"Cookie: {cookie}",
        "HX-Request: true",
        "Accept-Encoding: gzip",
    ]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
    head = await reader.readuntil(b"\r\n\r\n")
    _, _, length = head.lower().partition(b"content-length:")
    body = await reader.readexactly(int(length.split(b"\r\n", 1)[0])) if length else b""
    packed = b"content-encoding: gzip" in head.lower()
    return int(head[9:12]), (zlib.decompress(body, 31) if packed else body).decode()
