"""`make demo`: the whole product on one machine, Jira included. Ctrl-C stops it."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from demo import environment, one_machine, programs
from demo.database import is_prepared
from demo.one_machine import ROOT
from demo.redis_server import NoRedisServer
from demo.supervisor import CannotRun, Supervisor

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
        one_machine.check_modules("demo")
        options.instance.mkdir(parents=True, exist_ok=True)
        with one_machine.only_one(options.instance, "demo"):
            if options.reset:
                _reset(options.instance)
            else:
                _run(options)
    except (CannotRun, NoRedisServer) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = one_machine.parser("demo", __doc__, ROOT / "instance", port="5050")
    parser.add_argument("--jira-port", type=int, default=os.environ.get("JIRA_PORT") or "5051")
    parser.add_argument("--reset", action="store_true", help="empty the demo's data and end")
    return parser


def _run(options: argparse.Namespace) -> None:
    given = os.environ
    one_machine.check_port(options.port, "PORT", "demo")
    if environment.starts_jira(given):
        one_machine.check_port(options.jira_port, "JIRA_PORT", "demo")
    settings = environment.build(given, options.instance, options.port, options.jira_port)
    one_machine.refuse(settings)
    supervisor = Supervisor(options.instance, settings)
    one_machine.run(supervisor, lambda: _block(settings, options, _start(supervisor, options)))


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


def _own_passwords(settings: Mapping[str, str]) -> str:
    """Whom the new passwords let in. They are printed here, once, and stand in no log."""
    command = [sys.executable, "-m", "demo.passwords"]
    done = subprocess.run(
        command, env=dict(settings), stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise CannotRun("The accounts could not be given passwords of their own.")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    return "\n            ".join(lines) or OWN_PASSWORDS


def _block(settings: Mapping[str, str], options: argparse.Namespace, accounts: str) -> str:
    if environment.starts_jira(os.environ):
        jira = f"Jira Cloud, a stand-in with switches for trouble: {settings['ATLASSIAN_API_URL']}"
    else:
        jira = f"Jira: {settings.get('ATLASSIAN_API_URL', 'https://api.atlassian.com')}"
    logs = one_machine.short(options.instance / "logs")
    return RUNNING.format(
        url=settings["PUBLIC_URL"], jira=jira + "\n", accounts=accounts, logs=logs
    )


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
