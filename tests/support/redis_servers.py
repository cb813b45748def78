"""Redis servers with a port of their own, and Sentinels that watch them."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from demo import redis_server
from tests.support.installation import eventually
from tests.support.ports import free_port

PASSWORD = "open-sesame"
NAME = "unpack"


@contextmanager
def server(folder: Path, *options: str, port: int | None = None) -> Iterator[int]:
    """A server that wants PASSWORD; its port."""
    port = port or free_port()
    folder.mkdir(exist_ok=True)
    given = ["--port", str(port), "--dir", str(folder), "--save", "", "--requirepass", PASSWORD]
    with running([str(redis_server.find_program()), *given, *options]):
        eventually(lambda: redis_server.answers(f"redis://:{PASSWORD}@127.0.0.1:{port}"))
        yield port


@contextmanager
def running(command: list[str]) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()


@dataclass
class Watched:
    """Two servers, of which a Sentinel says who is the master."""

    url: str
    ports: list[int] = field(default_factory=list)

    def master(self) -> int:
        """The port of the one that takes writes."""
        return next(each for each in self.ports if self.role(each) == "master")

    def kill(self, port: int) -> None:
        """Without a word to the other one, nor to the Sentinel."""
        with self.at(port) as client:
            client.shutdown(nosave=True, now=True)

    def role(self, port: int) -> str:
        with self.at(port) as client:
            return str(client.info("replication")["role"])

    def at(self, port: int) -> "Redis":
        return Redis(port=port, password=PASSWORD)


@contextmanager
def watched_servers(folder: Path) -> Iterator[Watched]:
    """Beginning with one master, one replica and one Sentinel, which all want PASSWORD."""
    with ExitStack() as ends:
        auth = ("--masterauth", PASSWORD)
        first = ends.enter_context(server(folder / "first", *auth))
        second = ends.enter_context(
            server(folder / "second", *auth, "--replicaof", f"127.0.0.1 {first}")
        )
        port = free_port()
        configuration = folder / "sentinel.conf"
        configuration.write_text(
            f"port {port}\ndir {folder}\nrequirepass {PASSWORD}\n"
            f"sentinel monitor {NAME} 127.0.0.1 {first} 1\n"
            f"sentinel auth-pass {NAME} {PASSWORD}\n"
            f"sentinel down-after-milliseconds {NAME} 700\n"
            f"sentinel failover-timeout {NAME} 3000\n"
        )
        program = str(redis_server.find_program())
        ends.enter_context(running([program, str(configuration), "--sentinel"]))
        with Redis(port=port, password=PASSWORD) as sentinel:
            eventually(lambda: _knows_replica(sentinel))
        yield Watched(
            f"redis+sentinel://:{PASSWORD}@127.0.0.1:1,127.0.0.1:{port}/{NAME}", [first, second]
        )


def _knows_replica(sentinel: Redis) -> bool:
    try:
        masters: Any = sentinel.sentinel_masters()
    except RedisError:  # it begins
        return False
    return bool(masters[NAME]["num-slaves"])
