"""What the processes of a bench are told by their environment."""

import os
from typing import Any

from config import from_environment

INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
CLIENT_SECRET = "for-the-bench-alone"  # noqa: S105 - of a double, which does not look at it
OURS = {
    "SECRET_KEY": "for-the-bench-0u7Qx-and-nothing-beside-it",
    "TOKEN_ENCRYPTION_KEYS": "c1M9hZ0oq3u8mB2rT6yXw4KdV7fLpJ5nAe8GtRzQbWk=",
    "JIRA_CLIENT_ID": "unpack-bench",
    "JIRA_CLIENT_SECRET": CLIENT_SECRET,
    "HTMX_SRC": "local",
}


def build(**given: str) -> dict[str, str]:
    """The environment of a process: nothing of the shell that started the bench steers it."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return inherited | OURS | given


def settings(**given: str) -> dict[str, Any]:
    """The same, read: for an app in the process of the bench."""
    return from_environment(build(**given))
