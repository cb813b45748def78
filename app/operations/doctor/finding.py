"""One thing that was looked at, and how it is."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    GREEN = "green"
    AMBER = "amber"  # works, but not all of it, or not for long
    RED = "red"  # does not work


@dataclass(frozen=True)
class Finding:
    """`remedy`: what the operator does about it; empty where there is nothing to do."""

    level: Level
    subject: str
    says: str
    remedy: str = ""

    def __str__(self) -> str:
        line = f"{self.level.value:<6}{self.subject}: {self.says}"
        return f"{line}\n      → {self.remedy}" if self.remedy else line


def green(subject: str, says: str) -> Finding:
    return Finding(Level.GREEN, subject, says)


def amber(subject: str, says: str, remedy: str) -> Finding:
    return Finding(Level.AMBER, subject, says, remedy)


def red(subject: str, says: str, remedy: str) -> Finding:
    return Finding(Level.RED, subject, says, remedy)


def exit_code(findings: list[Finding]) -> int:
    """0 if all is green, 1 if anything is red, else 2."""
    levels = {each.level for each in findings}
    if Level.RED in levels:
        return 1
    return 2 if Level.AMBER in levels else 0
