"""Listens on a port of this machine until it is told to end."""

import argparse
import asyncio
import signal

from bench.double.jira import Jira
from bench.double.wire import Connection


async def _listen(port: int) -> None:
    jira, loop = Jira(), asyncio.get_running_loop()
    ends = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ends.set)
    server = await loop.create_server(
        lambda: Connection(jira.answer), "127.0.0.1", port, backlog=512
    )
    async with server:
        await ends.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    asyncio.run(_listen(parser.parse_args().port))
