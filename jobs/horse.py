"""The process that a worker forks for its jobs and keeps: they run in it, one after the other.

A fork for each would begin with nothing: no connection to the database, no page of memory of its
own, nothing that Python and SQLAlchemy have learned of the code. That costs a drain of five action
items more than the drain itself.
"""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass

# Whatever a job might leave behind is gone with the process after so many.
MOST_JOBS = 200
DONE, LAST = b".", b"!"
_LONGEST_ORDER = 4096  # bytes


@dataclass(frozen=True)
class Order:
    """Which job is next, and which of RQ's executions it is."""

    job_id: str
    queue: str
    execution_id: str


@dataclass
class Horse:
    """As its worker knows it. `channel`: to the process, which ends when it is closed."""

    pid: int
    channel: socket.socket

    def give(self, order: Order) -> bool:
        """Whether it was there to take the job."""
        try:
            self.channel.sendall(json.dumps(asdict(order)).encode())
        except OSError:
            return False
        return True

    def is_done(self) -> bool:
        """Wait until it has done the job: True, or is gone without: False. Takes no answer away, so
        that whoever is interrupted may ask again."""
        try:
            return bool(self.channel.recv(1, socket.MSG_PEEK))
        except ConnectionResetError:
            return False

    def goes_on(self) -> bool:
        """After the job: whether it takes another one."""
        try:
            return self.channel.recv(1) == DONE
        except ConnectionResetError:
            return False

    def bury(self) -> None:
        """Once it has ended, or says that it does."""
        self.channel.close()
        with suppress(ChildProcessError):  # RQ was there before
            os.waitpid(self.pid, 0)


def fork() -> Horse | socket.socket:
    """The horse for its worker; in the new process the channel on which it hears of jobs."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if pid := os.fork():
        its.close()
        return Horse(pid, ours)
    ours.close()
    os.setpgrp()
    return its


def orders(channel: socket.socket) -> Iterator[Order]:
    """What the worker asks for, until it is gone."""
    while message := channel.recv(_LONGEST_ORDER):
        yield Order(**json.loads(message))
