"""`make serve`: Unpack for real work on one machine, with a real Jira. Ctrl-C stops it."""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping

from demo import one_machine, programs
from demo.one_machine import ROOT
from demo.redis_server import NoRedisServer
from demo.supervisor import CannotRun, Supervisor
from serve import settings

FOLDER = ROOT / "installation"
NO_APP = "none yet: put JIRA_CLIENT_ID and JIRA_CLIENT_SECRET into {file}, and start again"
RUNNING = """
Unpack runs at {url}
Jira        {jira}
{owners}
Settings    {file}
Data, logs  {folder}
Commands    .venv/bin/python -m serve.command users create ADDRESS NAME

Ctrl-C stops everything; the data stays.
"""
OWNER = """
Each of these links lets its Owner set a password, once, for an hour; `make serve` prints new ones:
{links}
"""


def main(arguments: list[str] | None = None) -> int:
    """Serve until it is stopped: 0. One sentence and 1 when it cannot."""
    options = one_machine.parser("serve", __doc__, FOLDER).parse_args(arguments)
    os.chdir(ROOT)
    try:
        one_machine.check_modules("serve")
        settings.make_private(options.instance)
        with one_machine.only_one(options.instance, "installation"):
            _run(options)
    except (CannotRun, NoRedisServer) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def _run(options: argparse.Namespace) -> None:
    environment = settings.build(os.environ, options.instance, options.port)
    one_machine.refuse(environment)
    one_machine.check_port(int(environment["PORT"]), "PORT", "serve")
    supervisor = Supervisor(options.instance, environment)
    one_machine.run(supervisor, lambda: _block(environment, options, _start(supervisor, options)))


def _start(supervisor: Supervisor, options: argparse.Namespace) -> str:
    """Redis and the database first, then everything that needs them. Returns the Owners' links."""
    print("Starting Unpack …", flush=True)
    environment = supervisor.environment
    if settings.starts_redis(environment, options.instance):
        supervisor.add(programs.redis(options.instance, environment["REDIS_URL"]))
        supervisor.wait_until_ready()
    links = _prepared(environment)
    for program in programs.unpack(int(environment["PORT"]), supervisor.logs, options.workers):
        supervisor.add(program)
    supervisor.wait_until_ready()
    return links


def _prepared(environment: Mapping[str, str]) -> str:
    """The links that the preparation printed: they are secret, so they pass by every log."""
    command = [sys.executable, "-m", "serve.preparation"]
    done = subprocess.run(
        command, env=dict(environment), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["The database could not be prepared."]
        raise CannotRun(said[-1])
    return done.stdout.strip()


def _block(environment: Mapping[str, str], options: argparse.Namespace, links: str) -> str:
    file = one_machine.short(settings.path_in(options.instance))
    jira = environment.get("ATLASSIAN_API_URL", "https://api.atlassian.com")
    return RUNNING.format(
        url=environment["PUBLIC_URL"],
        jira=jira if environment.get("JIRA_CLIENT_ID") else NO_APP.format(file=file),
        owners=OWNER.format(links=links) if links else "",
        file=file,
        folder=one_machine.short(options.instance),
    )


if __name__ == "__main__":
    sys.exit(main())
