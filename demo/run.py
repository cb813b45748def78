"""`make demo`: the whole product on one machine, Jira included. Ctrl-C stops it."""

import argparse
import fcntl
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from demo import environment, programs
from demo.database import is_prepared
from demo.redis_server import NoRedisServer
from demo.supervisor import DemoFailed, Stopped, Supervisor

ROOT = Path(__file__).resolve().parent.parent
NEEDED_MODULES = ("flask", "granian", "redis", "rq", "sqlalchemy")
LAST_BREATH = 3.0  # seconds in which processes that were killed let go of their ports

RUNNING = """
Unpack runs at {url}
{jira}
Sign in as  {accounts}

Ctrl-C stops everything; the data stays. Logs: {logs}
"""

ACCOUNTS = """\
owner@acme.test, admin@acme.test, facilitator@acme.test, member1@acme.test,
            member2@acme.test, or owner@tiny.test (Free plan).  Password: unpack-demo"""
OWN_PASSWORDS = "the sample's people, with the passwords that an earlier start printed."


def main(arguments: list[str] | None = None) -> int:
    """Run the demo until it is stopped: 0. One sentence and 1 when it cannot."""
    options = _parser().parse_args(arguments)
    os.chdir(ROOT)
    try:
        _check_modules()
        options.instance.mkdir(parents=True, exist_ok=True)
        with _only_one(options.instance):
            if options.reset:
                _reset(options.instance)
            else:
                _run(options)
    except (DemoFailed, NoRedisServer) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m demo.run", description=__doc__)
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or "5050")
    parser.add_argument("--jira-port", type=int, default=os.environ.get("JIRA_PORT") or "5051")
    parser.add_argument("--workers", type=_at_least_one, default=os.environ.get("WORKERS") or "2")
    parser.add_argument("--instance", type=Path, default=ROOT / "instance")
    parser.add_argument("--reset", action="store_true", help="empty the demo's data and end")
    return parser


def _at_least_one(words: str) -> int:
    if not words.isdecimal() or int(words) < 1:
        raise argparse.ArgumentTypeError("a whole number, 1 at least")
    return int(words)


def _check_modules() -> None:
    missing = [name for name in NEEDED_MODULES if importlib.util.find_spec(name) is None]
    if missing:
        raise DemoFailed(
            f"Not installed: {', '.join(missing)}. `make demo` installs everything; if it did "
            "before, delete .venv and run it again."
        )


def _run(options: argparse.Namespace) -> None:
    given = os.environ
    _check_port(options.port, "PORT")
    if environment.starts_jira(given):
        _check_port(options.jira_port, "JIRA_PORT")
    settings = environment.build(given, options.instance, options.port, options.jira_port)
    _refuse(settings)
    supervisor = Supervisor(options.instance, settings)
    try:
        with suppress(Stopped):
            accounts = _start(supervisor, options)
            print(_block(settings, options, accounts), flush=True)
            supervisor.watch()
    finally:
        supervisor.stop()


def _start(supervisor: Supervisor, options: argparse.Namespace) -> str:
    """Redis and the data first, then everything that needs them, at once. Returns who may sign in.

    Nobody can sign in before everybody's password is one that may be known.
    """
    settings = supervisor.environment
    print("Starting Unpack …", flush=True)
    if environment.starts_redis(os.environ):
        supervisor.add(programs.redis(options.instance, settings["REDIS_URL"]))
        supervisor.wait_until_ready()
    if environment.starts_jira(os.environ):
        supervisor.add(programs.jira_cloud(options.instance, options.jira_port, settings))
    own_file = not os.environ.get("DATABASE_URL")
    if not (own_file and is_prepared(environment.database_path(options.instance))):
        print("Filling the database with the sample organizations …", flush=True)
        supervisor.run_once(programs.preparation())
    accounts = _own_passwords(settings) if environment.is_public(settings) else ACCOUNTS
    for program in programs.unpack(options.port, supervisor.logs, options.workers):
        supervisor.add(program)
    supervisor.wait_until_ready()
    return accounts


def _refuse(settings: Mapping[str, str]) -> None:
    """Say at once what every process would say in its log."""
    from config import ConfigurationError, from_environment  # only once all is known to be there

    try:
        from_environment(settings)
    except ConfigurationError as error:
        raise DemoFailed(str(error)) from None


def _own_passwords(settings: Mapping[str, str]) -> str:
    """Whom the new passwords let in. They are printed here, once, and stand in no log."""
    command = [sys.executable, "-m", "demo.passwords"]
    done = subprocess.run(
        command, env=dict(settings), stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise DemoFailed("The accounts could not be given passwords of their own.")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    return "\n            ".join(lines) or OWN_PASSWORDS


def _block(settings: Mapping[str, str], options: argparse.Namespace, accounts: str) -> str:
    if environment.starts_jira(os.environ):
        jira = f"Jira Cloud, a stand-in with switches for trouble: {settings['ATLASSIAN_API_URL']}"
    else:
        jira = f"Jira: {settings.get('ATLASSIAN_API_URL', 'https://api.atlassian.com')}"
    logs = options.instance.resolve() / "logs"
    if logs.is_relative_to(ROOT):
        logs = logs.relative_to(ROOT)
    return RUNNING.format(
        url=settings["PUBLIC_URL"], jira=jira + "\n", accounts=accounts, logs=logs
    )


def _check_port(port: int, name: str) -> None:
    """Refuse a port on which somebody answers. A demo that was just killed is not quite gone."""
    until = time.monotonic() + LAST_BREATH
    while _is_taken(port):
        if time.monotonic() > until:
            raise DemoFailed(
                f"Port {port} is taken by another program: "
                f"stop it, or choose another port with `make demo {name}={port + 10}`."
            )
        time.sleep(0.1)


def _is_taken(port: int) -> bool:
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with suppress(OSError), socket.socket(family) as probe:
            probe.settimeout(1)
            if probe.connect_ex((address, port)) == 0:
                return True
    return False


@contextmanager
def _only_one(instance: Path) -> Iterator[None]:
    """Hold the folder: two demos in it would write over each other's data."""
    with (instance / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DemoFailed(f"The demo already runs on the data in {instance}.") from None
        yield


def _reset(instance: Path) -> None:
    """Forget all data but the secrets. A database that is not the demo's file is only emptied."""
    if os.environ.get("DATABASE_URL"):
        settings = environment.build(os.environ, instance, 5050, 5051)
        supervisor = Supervisor(instance, settings)
        supervisor.run_once(programs.reset())
    for entry in instance.iterdir():
        if entry.name in environment.KEPT:
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    print("The demo is empty. `make demo` fills it again.")


if __name__ == "__main__":
    sys.exit(main())
