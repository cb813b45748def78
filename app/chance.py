"""The only door to chance: waits that are spread, secrets that nobody guesses, ids.

`use` puts another source in place, such as one that a simulation seeds and can repeat.
"""

import random
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol


class Source(Protocol):
    """Where chance comes from."""

    def uniform(self, low: float, high: float) -> float:
        """A number between the two."""

    def random_bytes(self, count: int) -> bytes:
        """So many bytes that nobody can guess."""


class SystemSource:
    """The operating system's."""

    def uniform(self, low: float, high: float) -> float:
        return random.uniform(low, high)

    def random_bytes(self, count: int) -> bytes:
        return secrets.token_bytes(count)


_source: Source = SystemSource()


def uniform(low: float, high: float) -> float:
    """A number between the two, to spread what would otherwise strike at once. No secret."""
    return _source.uniform(low, high)


def random_bytes(count: int) -> bytes:
    """So many bytes that nobody can guess."""
    return _source.random_bytes(count)


def choice(letters: Sequence[str]) -> str:
    """One of at most 256, each as likely as any other and not to be guessed."""
    fair = 256 - 256 % len(letters)  # a byte beyond would favour the first ones
    while (number := random_bytes(1)[0]) >= fair:
        pass
    return letters[number % len(letters)]


@contextmanager
def use(source: Source) -> Iterator[None]:
    """Take chance from `source` in the whole process until the context ends."""
    global _source
    previous, _source = _source, source
    try:
        yield
    finally:
        _source = previous
