"""Reading environment variables, and collecting what is wrong with them.

An operator mends everything in one go: each reader notes a sentence and goes on with something of
the right type, which nobody uses, since `refuse` raises them all at the end.
"""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit


class ConfigurationError(Exception):
    """Settings are missing, unreadable or unsafe. The text is a sentence a line, for the operator.

    No sentence repeats a value that may be a secret.
    """


class Environment:
    """The variables of a process, and a sentence for each that cannot be used."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self._variables = variables
        self._sentences: list[str] = []

    def wrong(self, sentence: str) -> None:
        """Note that Unpack must not start like this."""
        if sentence not in self._sentences:
            self._sentences.append(sentence)

    def refuse(self) -> None:
        """Raise `ConfigurationError` with every sentence noted, if there is one."""
        if self._sentences:
            raise ConfigurationError("\n".join(self._sentences))

    def text(self, name: str, default: str = "") -> str:
        return self._variables.get(name, default)

    def is_on(self, name: str) -> bool:
        return self.text(name) == "1"

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            self.wrong(f"{name} is not set. docs/operations.md says how to make it.")
        return value

    def listed(self, name: str) -> list[str]:
        """What stands between commas."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def address(self, name: str, default: str) -> str:
        value = self.text(name, default).rstrip("/")
        try:
            parts = urlsplit(value)
            fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:  # such as a port that is no number
            fits = False
        if not fits:
            self.wrong(f"{name} must be an http or https address, not {value!r}.")
            return default
        return value

    def redis(self, name: str, default: str) -> str:
        """Where Redis is. What is wrong is not repeated: there may be a password in it."""
        value = self.text(name) or default
        if not _is_redis(value):
            self.wrong(
                f"{name} must begin with redis://, rediss:// or unix://, or be"
                " redis+sentinel://host:port,host:port/name."
            )
        return value

    def mail_server(self, name: str) -> str:
        """A mail server, or nothing. The sentence leaves the value out: it may hold a password."""
        value = self.text(name)
        if value and not _is_mail_server(value):
            self.wrong(f"{name} must be smtp:// or smtps://[user:password@]host[:port].")
        return value

    def seconds(self, name: str, default: str, count: int) -> tuple[float, ...]:
        text = self.text(name, default)
        try:
            values = tuple(float(part) for part in text.split(","))
        except ValueError:
            values = ()
        if len(values) != count or not all(0 <= value < float("inf") for value in values):
            self.wrong(f"{name} must be {count} numbers of seconds, not {text!r}.")
        return values

    def number(self, name: str, default: float) -> float:
        text = self.text(name, str(default))
        try:
            value = float(text)
        except ValueError:
            value = -1
        if not 0 < value < float("inf"):
            self.wrong(f"{name} must be a number above 0, not {text!r}.")
            return default
        return value

    def whole_number(self, name: str, default: int) -> int:
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdigit()):
            self.wrong(f"{name} must be a whole number, not {text!r}.")
            return default
        return int(text)

    def at_least(self, name: str, default: int, least: int) -> int:
        number = self.whole_number(name, default)
        if number < least:
            self.wrong(f"{name} must be {least} or more, not {number}.")
        return max(number, least)


def _is_redis(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # such as half an IPv6 address
        return False
    hosts = parts.netloc.rpartition("@")[2]
    if parts.scheme == "redis+sentinel":
        return all(_is_place(each) for each in hosts.split(",")) and bool(parts.path.strip("/"))
    return parts.scheme == "unix" or (
        parts.scheme in {"redis", "rediss"} and _is_place(hosts or "localhost")
    )


def _is_place(text: str) -> bool:
    """Whether it is a host, perhaps with a port."""
    try:
        parts = urlsplit(f"//{text}")
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_mail_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
