"""What makes a history: when one of these files changes, a seed has to be lived through again."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Patterns of files, each with why a change of them may change a history, or what is said of it.
MAKES_HISTORIES = {
    "app/*.py": "the doors to time, chance, ids, threads and the queue; the app itself",
    "app/drain/**/*.py": "what a drain does, and in which order",
    "app/jira/**/*.py": "what is sent to Jira, and how its answers are read",
    "app/models/**/*.py": "rows, and the conditions of queries",
    "app/services/**/*.py": "every decision",
    "app/web/webhooks.py": "the receiver",
    "app/web/access.py": "stands before the receiver, as do the next ones",
    "app/web/assets.py": "stands before the receiver",
    "app/web/compression.py": "stands before the receiver",
    "app/web/doorway.py": "stands before the receiver",
    "app/web/origins.py": "stands before the receiver",
    "app/web/parameters.py": "stands before the receiver",
    "app/web/patience.py": "stands before the receiver",
    "app/web/security.py": "stands before the receiver",
    "jobs/**/*.py": "what workers and the ticker run",
    "migrations/versions/*.py": "the tables, their indexes and constraints",
    "environment.py": "how the settings are read from the environment",
    "config.py": "what the settings make of the environment",
    "requirements.txt": "the libraries that all of it stands on",
    "demo/jira_cloud/**/*.py": "Jira's rules, as the stand-in has them",
    "tests/support/settings.py": "the settings that the simulated app has",
    "tests/simulation/**/*.py": "what happens by dice, how it is run, and who judges it",
}
# Of these a history knows nothing, although a pattern above fits.
MAKES_NONE = {
    "app/commands.py": "typed by an operator",
    "app/serving.py": "how granian serves the app",
    "app/services/labels.py": "words that a page shows",
    "app/services/panel/**/*.py": "what the panel shows",
    "app/services/*/*_words.py": "words that a page shows",
    "demo/jira_cloud/__main__.py": "starts the stand-in as a program",
    "demo/jira_cloud/server.py": "starts the stand-in as a program",
    "demo/jira_cloud/pages/**/*.py": "pages that people look at",
    "demo/jira_cloud/serving/**/*.py": "the stand-in's sockets",
    "tests/simulation/__main__.py": "reads the command line",
    "tests/simulation/at_each_commit.py": "chooses seeds",
    "tests/simulation/engine.py": "this list",
    "tests/simulation/ledger.py": "notes what was lived through",
    "tests/simulation/many.py": "chooses seeds",
    "tests/simulation/shrinking.py": "tells of what was found",
    "tests/simulation/*planted*.py": "faults that only a search for them puts in",
    "tests/simulation/test_*.py": "tests of the simulator",
}


@cache
def files() -> frozenset[str]:
    """The engine's files, as paths from the project's folder."""
    return _matching(MAKES_HISTORIES) - _matching(MAKES_NONE)


@cache
def fingerprint() -> str:
    """Twelve signs that are others as soon as one of the files is another."""
    return fingerprint_of(ROOT, files())


def fingerprint_of(folder: Path, names: Iterable[str]) -> str:
    """The same for any files of a folder."""
    whole = hashlib.sha256()
    for name in sorted(names):
        whole.update(f"{name}\0".encode() + hashlib.sha256((folder / name).read_bytes()).digest())
    return whole.hexdigest()[:12]


def _matching(patterns: dict[str, str]) -> frozenset[str]:
    found = (path for pattern in patterns for path in ROOT.glob(pattern))
    return frozenset(path.relative_to(ROOT).as_posix() for path in found)
