"""Which seeds were lived through at which commit: a file outside of git, so that runs go on."""

import json
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

ENGINE = ("app", "jobs", "demo/jira_cloud", "tests/simulation")


@dataclass
class Range:
    """Seeds from `first` to `last`, both included. `found`: those that broke something new."""

    commit: str
    hours: float
    first: int
    last: int
    found: list[int]
    seconds: float


class Ledger:
    """The ranges so far; neighbours of one commit are one range."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.ranges: list[Range] = []
        if path.exists():
            self.ranges = [Range(**each) for each in json.loads(path.read_text())]

    def next_seed(self) -> int:
        """The first seed after all of them. Fresh seeds by the clock are far above."""
        return 1 + max((each.last for each in self.ranges if each.last < 10**9), default=0)

    def add(self, commit: str, hours: float, seed: int, found: bool, seconds: float) -> None:
        """Note one seed, and write the file."""
        new = [seed] if found else []
        last = self.ranges[-1] if self.ranges else None
        if last and (last.commit, last.hours, last.last + 1) == (commit, hours, seed):
            last.last, last.found, last.seconds = seed, last.found + new, last.seconds + seconds
        else:
            self.ranges.append(Range(commit, hours, seed, seed, new, seconds))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps([asdict(each) for each in self.ranges], indent=1) + "\n")

    def listed(self) -> str:
        """For a person: ranges, commits, hours, and how fast it was."""
        lines = []
        for each in self.ranges:
            count = each.last - each.first + 1
            speed = count * each.hours / each.seconds if each.seconds else 0.0
            found = f", found in {each.found}" if each.found else ""
            lines.append(
                f"{each.commit}  seeds {each.first}-{each.last}: {count} x {each.hours:g} h,"
                f" {speed:.1f} h/s{found}"
            )
        return "\n".join(lines)


def commit() -> str:
    """The commit that is checked out; with a + where the engine differs from it."""
    head = _git("rev-parse", "--short=12", "HEAD")
    return head + ("+" if _git("status", "--porcelain", "--", *ENGINE) else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603
        ["git", *arguments],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
