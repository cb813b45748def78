"""Requests over kept-alive connections, as fast as they are answered or at a given rate."""

import asyncio
import gc
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Load:
    """seconds: how long each answer took. refused: how many were no success. within: of all."""

    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    within: float = 0.0

    @property
    def rate(self) -> float:
        """Successes a second."""
        return (len(self.seconds) - self.refused) / self.within

    def percentile(self, share: float) -> float:
        """The time within which that share of the answers came, from 0 to 1."""
        ranked = sorted(self.seconds)
        return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


def as_fast(port: int, requests: Iterator[bytes], connections: int, seconds: float) -> Load:
    """So many connections, each with its next request as soon as it is answered."""
    return asyncio.run(_as_fast(port, requests, connections, seconds))


def at_rate(port: int, requests: Iterator[bytes], a_second: float, seconds: float) -> Load:
    """So many requests a second, whether the ones before are answered or not.

    An answer's time begins when its request was due, so that waiting for a connection counts.
    """
    gc.collect()
    gc.freeze()  # a round over all of this process would look like a slow answer
    return asyncio.run(_at_rate(port, requests, a_second, seconds))


class _Connection:
    def __init__(self, port: int) -> None:
        self.port = port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> int:
        """The status of the answer, all of which was read."""
        if self.streams is None or self.streams[0].at_eof():  # which nobody used for a while
            self.close()
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        _, _, length = head.lower().partition(b"content-length:")
        if length:
            await reader.readexactly(int(length.split(b"\r\n", 1)[0]))
        return int(head[9:12])

    def close(self) -> None:
        if self.streams is not None:
            self.streams[1].close()


async def _as_fast(port: int, requests: Iterator[bytes], connections: int, seconds: float) -> Load:
    load, began = Load(), time.perf_counter()

    async def one() -> None:
        connection = _Connection(port)
        while (asked := time.perf_counter()) < began + seconds:
            status = await connection.ask(next(requests))
            _note(load, asked, status)
        connection.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    load.within = time.perf_counter() - began
    return load


async def _at_rate(port: int, requests: Iterator[bytes], a_second: float, seconds: float) -> Load:
    load, free = Load(), [_Connection(port) for _ in range(8)]
    every, running = list(free), set[asyncio.Task[None]]()
    began = time.perf_counter()

    async def one(due: float, request: bytes) -> None:
        if not free:
            free.append(_Connection(port))
            every.append(free[-1])
        connection = free.pop()
        _note(load, due, await connection.ask(request))
        free.append(connection)

    for number in range(int(a_second * seconds)):
        due = began + number / a_second
        if (early := due - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        task = asyncio.create_task(one(due, next(requests)))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    load.within = time.perf_counter() - began
    for connection in every:
        connection.close()
    return load


def _note(load: Load, asked: float, status: int) -> None:
    load.seconds.append(time.perf_counter() - asked)
    load.refused += not 200 <= status < 300
