"""What makes a history: when one of these changes, a seed has to be lived through again."""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from tests.support import settings

ROOT = Path(__file__).resolve().parents[2]

# Patterns of files, each with why a change of them may change a history, or what is said of it.
MAKES_HISTORIES = {
    "app/*.py": "the doors to time, chance, ids, threads and the queue; the app itself",
    "app/drain/**/*.py": "what a drain does, and in which order",
    "app/jira/**/*.py": "what is sent to Jira, and how its answers are read",
    "app/models/**/*.py": "rows, and the conditions of queries",
    "app/services/**/*.py": "every decision",
    "app/web/webhooks.py": "the receiver",
    "jobs/**/*.py": "what workers and the ticker run",
    "demo/jira_cloud/**/*.py": "Jira's rules, as the stand-in has them",
    "tests/support/settings.py": "the settings that the simulated app has",
    "tests/simulation/**/*.py": "what happens by dice, how it is run, and who judges it",
}
# Of these a history knows nothing, although a pattern above fits; or it passes through them, and
# their own tests tell whether they let it.
MAKES_NONE = {
    "app/__init__.py": "puts the app together",
    "app/commands.py": "typed by an operator",
    "app/logging.py": "how a line of the log looks",
    "app/migrated.py": "refuses to start",
    "app/operations/**/*.py": "what an operator reads",
    "app/readiness.py": "asked by a load balancer",
    "app/serving.py": "how granian serves the app",
    "app/starting.py": "refuses to start",
    "app/models/deleted_retrospective.py": "deleted by a person, with its action items",
    "app/models/__init__.py": "names what stands in the others",
    "app/models/audit.py": "who changed what in the settings",
    "app/models/identity.py": "organizations, teams, people: what a history reads of them is fixed",
    "app/models/invitation.py": "how people come in",
    "app/models/mail.py": "letters",
    "app/models/of_person.py": "indexes",
    "app/models/provider_identity.py": "how people come in",
    "app/models/service_level.py": "what a page and /metrics tell; the web server counts it",
    "app/models/sign_in.py": "how people come in",
    "app/services/audit.py": "who changed what in the settings",
    "app/services/departures/**/*.py": "somebody leaves, which nobody does in a history",
    "app/services/history/**/*.py": "pages",
    "app/services/labels.py": "words that a page shows",
    "app/services/mail/**/*.py": "letters",
    "app/services/organizations/**/*.py": "who is a member",
    "app/services/panel/**/*.py": "what the panel shows",
    "app/services/people/members.py": "a page",
    "app/services/people/search.py": "a page",
    "app/services/retrospectives/action_item_search.py": "a page",
    "app/services/retrospectives/item_filters.py": "a page",
    "app/services/retrospectives/item_scopes.py": "a page",
    "app/services/text_search.py": "what a page finds",
    "app/services/sign_in/**/*.py": "how people come in",
    "app/services/sync_log/**/*.py": "pages",
    "app/services/*/*_words.py": "words that a page shows",
    "app/web/access.py": "stands before the receiver, as do the next ones",
    "app/web/assets.py": "stands before the receiver",
    "app/web/compression.py": "stands before the receiver",
    "app/web/doorway.py": "stands before the receiver",
    "app/web/intake.py": "what the web server does for the receiver",
    "app/web/one_moment.py": "how a page reads",
    "app/web/origins.py": "stands before the receiver",
    "app/web/pace.py": "stands before the receiver",
    "app/web/parameters.py": "stands before the receiver",
    "app/web/patience.py": "stands before the receiver",
    "app/web/security.py": "stands before the receiver",
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

# What the engine stands on, and the settings that it reads.
LIBRARIES = (
    "authlib", "cryptography", "flask", "flask-sqlalchemy", "markdown-it-py", "nh3", "psycopg",
    "redis", "requests", "rq", "sqlalchemy", "urllib3", "werkzeug",
)  # fmt: skip
SETTINGS = ("ATLASSIAN_", "JIRA_", "SQLALCHEMY_", "SYNC_")


@cache
def files() -> frozenset[str]:
    """The engine's files, as paths from the project's folder."""
    return _matching(MAKES_HISTORIES) - excused()


@cache
def fingerprint() -> str:
    """Twelve signs that are others as soon as a file, a library or a setting is another."""
    return fingerprint_of(ROOT, files(), [*_libraries(), *_settings()])


def fingerprint_of(folder: Path, names: Iterable[str], words: Iterable[str] = ()) -> str:
    """The same for any files of a folder, and any words beside them."""
    whole = hashlib.sha256()
    for name in sorted(names):
        whole.update(f"{name}\0".encode() + hashlib.sha256((folder / name).read_bytes()).digest())
    for word in words:
        whole.update(f"{word}\0".encode())
    return whole.hexdigest()[:12]


def excused() -> frozenset[str]:
    """The files of which a history knows nothing, or nearly nothing."""
    return _matching(MAKES_NONE)


def _libraries() -> list[str]:
    return [f"{name} {version(name)}" for name in LIBRARIES]


def _settings() -> list[str]:
    built = settings.build(database_url="sqlite://")
    return [f"{name} {built[name]!r}" for name in sorted(built) if name.startswith(SETTINGS)]


def _matching(patterns: dict[str, str]) -> frozenset[str]:
    found = (path for pattern in patterns for path in ROOT.glob(pattern))
    return frozenset(path.relative_to(ROOT).as_posix() for path in found)
