"""What the processes of this installation are told: its file of settings, made once, and the shell.

The file is a list of NAME=value, as systemd and Compose read it, too. What the shell says wins, so
that one start may differ.
"""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from demo import redis_server
from demo.supervisor import CannotRun

FIRST = """\
# The settings of this Unpack: NAME=value, a line each. docs/operations.md has all of them.
# Keep a copy apart from the database: whoever has both has the organizations' access to Jira.
SECRET_KEY={secret_key}
TOKEN_ENCRYPTION_KEYS={encryption_key}

# Your Atlassian app: docs/atlassian-app.md.
JIRA_CLIENT_ID=
JIRA_CLIENT_SECRET=

# Where it listens, on this machine alone.
PORT={port}
# The address that people use. Webhooks need one that Atlassian reaches, with https.
PUBLIC_URL=
# How many proxies stand in front of it.
PROXY_COUNT=

# smtp://user:password@host:port. Without it nothing is sent.
SMTP_URL=
MAIL_FROM=
"""
# These make a demo of an installation, which lets in whoever comes.
OF_THE_DEMO = ("UNPACK_DEMO", "UNPACK_DEMO_PUBLIC")


def path_in(instance: Path) -> Path:
    """The file of settings of the installation in that folder."""
    return instance / "settings.env"


def make_private(instance: Path) -> None:
    """Make the folder of an installation what only its owner reads, and what is made from now on.

    Raises `CannotRun` where it is another user's.
    """
    os.umask(0o077)
    instance.mkdir(parents=True, exist_ok=True)
    if instance.stat().st_uid != os.getuid():
        raise CannotRun(f"{instance} belongs to another user: run this as that user.")
    instance.chmod(0o700)


def build(given: Mapping[str, str], instance: Path, port: int | None = None) -> dict[str, str]:
    """The environment of every process, PORT included. Makes the file, with secrets, if there is
    none.

    Raises `CannotRun` where a line of it cannot be read.
    """
    file = path_in(instance)
    if not file.exists():
        _make(file, port or 5050)
    environment = read(file) | {name: value for name, value in given.items() if value}
    if port:
        environment["PORT"] = str(port)
    if not environment.setdefault("PORT", "5050").isdecimal():
        raise CannotRun(f"PORT must be a whole number, not {environment['PORT']!r}.")
    for name in (*OF_THE_DEMO, "PYTHONDONTWRITEBYTECODE"):
        environment.pop(name, None)
    for name, value in _defaults(instance, environment["PORT"]).items():
        environment.setdefault(name, value)
    return environment


def read(file: Path) -> dict[str, str]:
    """The settings in the file that have a value. Raises `CannotRun`, without a value in it."""
    found = {}
    for number, line in enumerate(file.read_text().splitlines(), 1):
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        name, equals, value = words.partition("=")
        if not (equals and name.replace("_", "").isalnum()):
            raise CannotRun(f"Line {number} of {file} is not NAME=value.")
        if value := value.strip().strip("\"'"):
            found[name] = value
    return found


def starts_redis(environment: Mapping[str, str], instance: Path) -> bool:
    """Whether the installation runs a Redis server of its own."""
    return environment["REDIS_URL"] == redis_server.url(instance)


def _defaults(instance: Path, port: str) -> dict[str, str]:
    return {
        "DATABASE_URL": f"sqlite:///{instance.resolve() / 'unpack.db'}",
        "REDIS_URL": redis_server.url(instance),
        "PUBLIC_URL": f"http://localhost:{port}",
        "UNPACK_INSTANCE": str(instance.resolve()),
        "FLASK_APP": "wsgi.py",
        "PYTHONUNBUFFERED": "1",
    }


def _make(file: Path, port: int) -> None:
    made = FIRST.format(
        port=port,
        secret_key=secrets.token_urlsafe(48),
        encryption_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    )
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)  # of a start that was killed; of a link, the link
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w") as opened:
        opened.write(made)
    draft.replace(file)
