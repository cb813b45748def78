"""Which seeds were lived through by which engine, at which commit: a file of the project.

Several processes may note seeds at once. Each claims the seed that it is about to live through by a
lock on the byte with the seed's number, which the system takes back from a process that dies.
"""

import fcntl
import json
import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from itertools import count, groupby
from pathlib import Path
from typing import Any

from tests.simulation import engine

FILE = "tests/simulation/ledger.json"
A_DAY = 24.0  # hours
# So many days have to be lived through since the engine's last change.
OWED_IN_ALL, OWED_AT_COMMIT, OWED_ON_POSTGRESQL = 10_000, 2_000, 200
# Seeds above it come from a commit or from the time of day: nobody goes on behind them.
CHOSEN_FREELY = 10**9
WRITING = 0  # the byte that stands for the file itself


@dataclass(frozen=True)
class Kind:
    """What a seed was lived through by. Seeds of one kind that follow each other are one range."""

    engine: str
    commit: str
    database: str
    hours: float


@dataclass(frozen=True)
class Range:
    """Seeds from `first` to `last`, both included. `found`: those that broke something new.

    seconds: of the processor. events, requests: what happened by dice, and what was asked of Jira.
    """

    kind: Kind
    first: int
    last: int
    found: tuple[int, ...] = ()
    seconds: float = 0.0
    events: int = 0
    requests: int = 0

    @property
    def seeds(self) -> range:
        return range(self.first, self.last + 1)

    @property
    def days(self) -> range:
        """The seeds that were lived through for a day at least."""
        return self.seeds if self.kind.hours >= A_DAY else range(0)


@dataclass
class Ledger:
    """The file. What other processes note meanwhile stands in it, too."""

    path: Path
    _locks: int | None = field(default=None, init=False)

    def ranges(self) -> list[Range]:
        """All that is noted, in the file's order."""
        if not self.path.exists():
            return []
        return [_read(each) for each in json.loads(self.path.read_text())]

    def add(self, new: Range) -> None:
        """Note one seed, whoever else is writing."""
        with self._locked(WRITING):
            noted = self.ranges()
            again = any(each.kind == new.kind and new.first in each.seeds for each in noted)
            if not again:
                self._write(merged([*noted, new]))

    def claim(self, kind: Kind) -> int:
        """A seed that nobody has lived through, and that nobody else lives through now.

        It begins behind all seeds of other engines, and fills the gaps that killed processes left.
        """
        noted = [each for each in self.ranges() if each.last < CHOSEN_FREELY]
        ours = {seed for each in noted if _same(each.kind, kind) for seed in each.seeds}
        others = [each.last for each in noted if each.kind.engine != kind.engine]
        free = (seed for seed in count(1 + max(others, default=0)) if seed not in ours)
        for seed in free:
            if self._take(seed, wait=False):
                # Who had it may have noted it since the file was read.
                if not self._is_noted(kind, seed):
                    return seed
                self._give_back(seed)
        raise AssertionError("there is no last seed")

    def _is_noted(self, kind: Kind, seed: int) -> bool:
        return any(_same(each.kind, kind) and seed in each.seeds for each in self.ranges())

    def _write(self, ranges: list[Range]) -> None:
        new = self.path.with_suffix(f".{os.getpid()}")
        lines = ",\n".join(json.dumps(_written(each)) for each in ranges)
        new.write_text(f"[\n{lines}\n]\n")
        os.replace(new, self.path)

    @contextmanager
    def _locked(self, byte: int) -> Iterator[None]:
        self._take(byte, wait=True)
        try:
            yield
        finally:
            self._give_back(byte)

    def _take(self, byte: int, *, wait: bool) -> bool:
        """Whether the byte is ours now. Nothing is kept in the file: only its bytes are locked."""
        if self._locks is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._locks = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT)
        try:
            fcntl.lockf(self._locks, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB), 1, byte)
        except BlockingIOError:
            return False
        return True

    def _give_back(self, byte: int) -> None:
        assert self._locks is not None
        fcntl.lockf(self._locks, fcntl.LOCK_UN, 1, byte)


def _same(one: Kind, other: Kind) -> bool:
    """Whether a seed is the same history in both: it is not the commit that makes it."""
    return replace(one, commit="") == replace(other, commit="")


def merged(ranges: list[Range]) -> list[Range]:
    """Neighbours of one kind are one range; the kinds stand as they came."""
    order = {kind: place for place, kind in enumerate(dict.fromkeys(e.kind for e in ranges))}
    merged: list[Range] = []
    for each in sorted(ranges, key=lambda each: (order[each.kind], each.first)):
        before = merged[-1] if merged else None
        if before and before.kind == each.kind and before.last + 1 == each.first:
            merged[-1] = _joined(before, each)
        else:
            merged.append(each)
    return merged


def _joined(one: Range, other: Range) -> Range:
    return Range(
        one.kind,
        one.first,
        other.last,
        one.found + other.found,
        round(one.seconds + other.seconds, 1),
        one.events + other.events,
        one.requests + other.requests,
    )


def _read(entry: dict[str, Any]) -> Range:
    kind = Kind(**{each.name: entry.pop(each.name) for each in fields(Kind)})
    return Range(kind, **entry | {"found": tuple(entry["found"])})


def _written(each: Range) -> dict[str, Any]:
    whole = asdict(each)
    return whole.pop("kind") | whole  # type: ignore[no-any-return]


def listed(ranges: Iterable[Range]) -> str:
    """For a person: by engine, commit, database and hours, and how fast it was."""
    lines = []
    for name, group in groupby(ranges, key=lambda each: each.kind.engine):
        here = " (as it is here)" if name == engine.fingerprint() else ""
        lines.append(f"engine {name}{here}")
        lines += [f"  {_line(each)}" for each in group]
    return "\n".join(lines)


def _line(each: Range) -> str:
    hours = len(each.seeds) * each.kind.hours  # of the one connection that a run begins with
    speed = f"{hours / each.seconds:.1f} h/s" if each.seconds else ""
    found = f", found in {list(each.found)}" if each.found else ""
    return (
        f"{each.kind.commit}  {each.kind.database}  seeds {each.first}-{each.last}:"
        f" {len(each.seeds)} x {each.kind.hours:g} h, {speed},"
        f" {each.events / hours:.1f} events/h{found}"
    )


def owed(ranges: Iterable[Range], last_commit: str) -> str:
    """For a person: how much of what is owed has been lived through by the engine as it is."""
    ours = [each for each in ranges if each.kind.engine == engine.fingerprint()]
    memory = [each for each in ours if each.kind.database == "sqlite"]
    postgresql = [each for each in ours if each.kind.database == "postgresql"]
    here = [each for each in memory if each.kind.commit == last_commit]
    found = sorted({seed for each in ours for seed in each.found})
    return "\n".join(
        [
            f"engine {engine.fingerprint()}, commit {last_commit}, days lived through:",
            f"  in all         {_days(memory)} of {OWED_IN_ALL}",
            f"  at this commit {_days(here)} of {OWED_AT_COMMIT}",
            f"  on PostgreSQL  {_days(postgresql)} of {OWED_ON_POSTGRESQL}",
            f"  found in       {', '.join(map(str, found)) or 'none: green'}",
        ]
    )


def _days(ranges: list[Range]) -> int:
    return len({seed for each in ranges for seed in each.days})


def commit() -> str:
    """The last commit that is more than a note in the ledger; a + where the engine differs."""
    last = _git("log", "-1", "--format=%H", "--", ".", f":(exclude){FILE}")[:12]
    here = [f":(glob){pattern}" for pattern in engine.MAKES_HISTORIES]
    but = [f":(exclude,glob){pattern}" for pattern in engine.MAKES_NONE]
    return last + ("+" if _git("status", "--porcelain", "--", *here, *but) else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=engine.ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
