"""A PostgreSQL server that is there and says nothing: all of its processes are stopped."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def frozen(address: str) -> Iterator[None]:
    """The server at `address`, whose processes are this machine's, until the context ends."""
    with psycopg.connect(address) as connection:
        [folder] = connection.execute("SHOW data_directory").fetchone() or ()
    postmaster = int((Path(folder) / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGSTOP)
    stopped = [*_children(postmaster)]
    for process in stopped:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in (*stopped, postmaster):
            os.kill(process, signal.SIGCONT)


def _children(parent: int) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            stat = (entry / "stat").read_text()
            if int(stat.rpartition(")")[2].split()[1]) == parent:
                yield int(entry.name)
