"""One metric with its samples, whoever writes it down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Family:
    """A gauge: `samples` by the values of `labels`, in their order."""

    name: str
    says: str
    labels: tuple[str, ...] = ()
    samples: Mapping[Any, float] = field(default_factory=dict)


def single(name: str, says: str, value: float) -> Family:
    """One without labels."""
    return Family(name, says, (), {(): value})
