"""The variables of the operator's desk. All others are in config.py."""

import os
from collections.abc import Mapping
from typing import Any

from environment import Environment

LOG_FORMATS = ("logfmt", "json")


def from_environment(variables: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Read them. Raises `ConfigurationError` with a sentence for each that makes no sense."""
    environment = Environment(variables)
    settings = {"LOG_FORMAT": _log_format(environment)}
    environment.refuse()
    return settings


def _log_format(environment: Environment) -> str:
    name = environment.text("LOG_FORMAT") or LOG_FORMATS[0]
    if name not in LOG_FORMATS:
        environment.wrong(f"LOG_FORMAT must be {' or '.join(LOG_FORMATS)}, not {name!r}.")
    return name
