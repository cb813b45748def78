"""What a planted fault is, and how it is put in for a while."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from unittest import mock

from tests.simulation.script import HOUR, PERIOD


@dataclass(frozen=True)
class Fault:
    """promise: what it breaks, in the words of design.md. put: makes it so.

    weather: where what it needs is likely (script.py); None: anywhere. hours: how long a seed must
    last for it to show.
    """

    name: str
    promise: str
    put: Callable[[ExitStack], None]
    weather: str | None = None
    hours: float = PERIOD / HOUR


def replaced(target: Any, name: str, by: Any) -> Callable[[ExitStack], None]:
    """Something else in the place of what the product has."""
    return lambda stack: enter(stack, mock.patch.object(target, name, by))


def enter(stack: ExitStack, context: Any) -> None:
    """For as long as the fault is there."""
    stack.enter_context(context)


def both(*puts: Callable[[ExitStack], None]) -> Callable[[ExitStack], None]:
    """Where each of them would keep the promise alone."""

    def put(stack: ExitStack) -> None:
        for each in puts:
            each(stack)

    return put
