"""What the demo's processes are told by their environment, secrets made once included."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from demo import redis_server

JIRA_CLIENT_ID = "unpack-demo"
JIRA_CLIENT_SECRET = "unpack-demo-secret"  # noqa: S105 - the stand-in's own, known to all

KEPT = {"demo-secrets.json", "demo.lock"}  # what a reset leaves in the instance folder


def starts_redis(given: Mapping[str, str]) -> bool:
    """Whether the demo runs a Redis server of its own."""
    return not given.get("REDIS_URL")


def starts_jira(given: Mapping[str, str]) -> bool:
    """Whether the demo runs the stand-in Jira Cloud."""
    return not given.get("JIRA_CLIENT_ID")


def is_public(settings: Mapping[str, str]) -> bool:
    """Whether others than this machine may reach the demo."""
    return settings.get("UNPACK_DEMO_PUBLIC") == "1"


def build(given: Mapping[str, str], instance: Path, port: int, jira_port: int) -> dict[str, str]:
    """The environment of every process of the demo: what is given wins over what is made."""
    environment = {name: value for name, value in given.items() if value}
    # Seven processes import the same files: without bytecode, each compiles all of them again.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for name, value in _defaults(instance, port).items():
        environment.setdefault(name, value)
    if starts_jira(given):
        environment |= {
            "JIRA_CLIENT_ID": JIRA_CLIENT_ID,
            "JIRA_CLIENT_SECRET": JIRA_CLIENT_SECRET,
            "ATLASSIAN_AUTH_URL": f"http://localhost:{jira_port}",
            "ATLASSIAN_API_URL": f"http://localhost:{jira_port}",
        }
    return environment


def database_path(instance: Path) -> Path:
    return instance.resolve() / "unpack.db"


def _defaults(instance: Path, port: int) -> dict[str, str]:
    return _secrets(instance / "demo-secrets.json") | {
        "DATABASE_URL": f"sqlite:///{database_path(instance)}",
        "REDIS_URL": redis_server.url(instance),
        "PUBLIC_URL": f"http://localhost:{port}",
        "UNPACK_DEMO": "1",
        "UNPACK_INSTANCE": str(instance.resolve()),
        "FLASK_APP": "wsgi.py",
        "PYTHONUNBUFFERED": "1",
    }


def _secrets(path: Path) -> dict[str, str]:
    """Made at the first start and kept: without them nobody could read the stored tokens again."""
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "TOKEN_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }
        draft = path.with_suffix(".new")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(made, file)
        draft.replace(path)
    kept: dict[str, str] = json.loads(path.read_text())
    return kept
