"""One metric with its samples, whoever writes it down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Family:
    """A gauge: `samples` by the values of `labels`, in their order."""

    name: str
    says: str
    labels: tuple[str, ...] = ()
    samples: Mapping[Any, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Histogram:
    """What was counted: `samples` by the values of `labels`, in their order. Of each, how many took
    each of `upto` seconds at most, and the seconds of all."""

    name: str
    says: str
    labels: tuple[str, ...]
    upto: tuple[str, ...]
    samples: Mapping[tuple[str, ...], tuple[Sequence[int], float]]


def single(name: str, says: str, value: float) -> Family:
    """One without labels."""
    return Family(name, says, (), {(): value})
