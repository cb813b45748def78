"""What holds for all files and is cheap to check by a machine (design.md §6)."""

import ast
import re
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

from tests.support.source_files import (
    ROOT,
    imports_of,
    is_within,
    name_of,
    python_files,
    templates,
)

LONGEST_MODULE = 300  # lines
LONGEST_TEST_MODULE = 300
LONGEST_TEMPLATE = 300  # lines
WIDEST_TEMPLATE = 120  # columns

# Who may import what of ours: the longest prefix that fits decides.
MAY_IMPORT = {
    "config": (),
    "wsgi": ("app", "config"),
    "app": ("app", "config"),
    "app.clock": (),
    "app.chance": (),
    "app.identifiers": (),
    "app.side_by_side": (),
    "app.extensions": ("app.masks",),
    "app.masks": (),
    "app.logging": (),
    "app.queue": ("app.extensions", "app.redis_client"),
    "app.redis_client": (),
    "app.stopping": (),
    "app.markdown": ("app.jira.adf",),
    "app.postgresql": (),
    "app.models": ("app.models", "app.extensions"),
    "app.jira": ("app.jira",),
    "app.services": (
        "app.services", "app.models", "app.jira", "app.extensions", "app.queue", "app.markdown",
        "app.logging",
    ),
    "app.web": (
        "app.web", "app.services", "app.models", "app.extensions", "app.queue", "app.markdown",
        "app.logging", "app.postgresql", "app.readiness", "app.operations",
    ),
    "app.operations": (
        "app.operations", "app.services", "app.models", "app.jira", "app.extensions", "app.queue",
        "app.logging", "app.readiness", "app.migrated", "app.commands", "app.redis_client",
        "config",
    ),
    "app.drain": (
        "app.drain", "app.services", "app.models", "app.jira", "app.extensions", "app.queue",
        "app.logging", "app.stopping",
    ),
    "app.commands": ("app.services", "app.models", "app.extensions", "app.queue"),
    "jobs": ("jobs", "app", "config"),
    "demo": ("demo", "app", "config"),
    "serve": ("serve", "demo", "app", "config"),
    "assets": ("assets",),
    "bench": ("bench", "tests.support", "demo", "app", "jobs", "config"),
    "bench.double": ("bench.double",),
    "demo.jira_cloud": ("demo.jira_cloud",),
}  # fmt: skip
# Time, chance, ids and requests side by side: open to all of the app (design.md §6).
DOORS = ("app.clock", "app.chance", "app.identifiers", "app.side_by_side")
# What the doors are for, by the module that keeps it.
BEHIND_A_DOOR = {
    "app/clock.py": (
        r"\btime\.(time|monotonic|perf_counter|sleep)\("
        r"|\b(datetime|date)\.(now|utcnow|today)\("
    ),
    "app/chance.py": r"^(import|from) (random|secrets)\b|\bos\.urandom\(",
    "app/identifiers.py": r"\buuid[1-8]?\(|^(import|from) uuid\b",
    "app/side_by_side.py": r"\b(Thread|Process)PoolExecutor\(|^(import|from) threading\b",
}
# Jobs build the app and use its services; pages are none of their business.
FORBIDDEN = {"jobs": ("app.web",), "app.web": ("app.services.audit",)}
# The folders of app/services: each imports only folders before it (app/services/__init__.py).
SERVICE_ROOMS = (
    "fields", "field_values", "points", "work", "owed", "sign_in", "organizations", "grants",
    "mapping",
    "people", "webhooks", "outbound", "restoring", "retrospectives", "linking", "departures",
    "inbound", "metadata", "panel", "sync_log", "activity", "follow_through", "backfill",
    "connection", "settings",
    "history",
    "reminders", "mail", "schedule",
)  # fmt: skip
# File names that may stand in several rooms, because they mean the same in each (style.md §2).
SHARED_NAMES = {"__init__", "owed", "plan", "record"}
ROOMS = ("app", "jobs", "demo", "serve", "assets", "bench", "config", "wsgi", "tests")
# The token pair is committed before its use, or a crash loses it for ever (design.md §5).
COMMITTING_SERVICES = {"app/services/grants/tokens.py"}
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle\s*=|\shx-on|\son[a-z]+\s*=\s*[\"']|javascript:"
    r"|\|\s*safe\b|autoescape\s+false",
    re.IGNORECASE,
)
# Mail programs drop what stands elsewhere; a page's policy forbids it (design.md §7).
STYLE = re.compile(r"<style|\bstyle\s*=", re.IGNORECASE)


def wrong_imports(path: Path) -> list[str]:
    own = name_of(path)
    room = max((prefix for prefix in MAY_IMPORT if is_within(own, prefix)), key=len)
    ours = [name for name in imports_of(path) if name.split(".")[0] in ROOMS]
    allowed = (*MAY_IMPORT[room], *DOORS)
    return [
        name
        for name in ours
        if not any(is_within(name, prefix) for prefix in allowed)
        or any(is_within(name, wrong) for wrong in FORBIDDEN.get(room, ()))
    ]


def test_imports_run_one_way() -> None:
    wrong = {
        name_of(path): found
        for path in python_files(".", "app", "jobs", "demo", "serve", "assets", "bench")
        if (found := wrong_imports(path))
    }

    assert wrong == {}


@pytest.mark.parametrize("door", BEHIND_A_DOOR)
def test_time_chance_ids_and_threads_have_one_door_each(door: str) -> None:
    past_it = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in python_files("app", "jobs")
        if path != ROOT / door
        for line in path.read_text().splitlines()
        if re.search(BEHIND_A_DOOR[door], line)
    ]

    assert past_it == []


def service_room(module: str) -> str | None:
    """The folder of app/services that a module lies in; None for one that lies beside them."""
    parts = module.split(".")
    return parts[2] if parts[:2] == ["app", "services"] and len(parts) > 3 else None


def imports_of_later_rooms(path: Path) -> list[str]:
    own = path.parent.name
    return [
        name
        for name in imports_of(path)
        if (room := service_room(name)) and SERVICE_ROOMS.index(room) > SERVICE_ROOMS.index(own)
    ]


def test_a_room_of_services_imports_only_rooms_before_it() -> None:
    rooms = {
        path.name for path in (ROOT / "app/services").iterdir() if (path / "__init__.py").exists()
    }
    wrong = {
        name_of(path): found
        for room in SERVICE_ROOMS
        for path in python_files(f"app/services/{room}")
        if (found := imports_of_later_rooms(path))
    }

    assert rooms == set(SERVICE_ROOMS), "SERVICE_ROOMS lists other folders than app/services has"
    assert wrong == {}, "these import rooms that come after their own in SERVICE_ROOMS"


def test_what_lies_beside_the_rooms_imports_none_of_them() -> None:
    wrong = {
        name_of(path): found
        for path in (ROOT / "app/services").glob("*.py")
        if (found := [name for name in imports_of(path) if service_room(name)])
    }

    assert wrong == {}, "these lie beside the rooms and may import none of them"


def test_a_room_names_its_files_in_its_docstring() -> None:
    unnamed = {
        name_of(path)
        for room in SERVICE_ROOMS
        for path in python_files(f"app/services/{room}")
        if path.stem != "__init__"
        and not re.search(rf"\b{path.stem}\b", (path.parent / "__init__.py").read_text())
    }

    assert unnamed == set()


def test_no_file_name_stands_in_two_rooms() -> None:
    names = Counter(
        path.stem for room in SERVICE_ROOMS for path in python_files(f"app/services/{room}")
    )

    assert {name for name, count in names.items() if count > 1} - SHARED_NAMES == set()


def test_services_and_jobs_never_see_a_request() -> None:
    seen = [
        str(path.relative_to(ROOT))
        for path in python_files("app/services", "app/drain", "app/models", "app/jira", "jobs")
        if re.search(
            r"from flask import [^\n]*\b(request|session|g|flash)\b|from flask_login import "
            r"[^\n]*current_user",
            path.read_text(),
        )
    ]

    assert seen == []


def test_services_flush_and_leave_the_commit_to_routes_and_jobs() -> None:
    committing = {
        str(path.relative_to(ROOT))
        for path in python_files("app/services")
        if any(
            isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "commit"
            for node in ast.walk(ast.parse(path.read_text()))
        )
    }

    assert committing - COMMITTING_SERVICES == set()


def test_what_is_loaded_again_to_be_held_names_what_is_held() -> None:
    """What it was loaded with, joined, is loaded with it again: PostgreSQL refuses to hold that."""
    held = [
        (path.name, ast.unparse(call))
        for path in sorted((ROOT / "app").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("session.refresh")
        if any(each.arg == "with_for_update" for each in call.keywords)
    ]

    assert len(held) > 5
    assert [call for call in held if "'of':" not in call[1]] == []


def test_every_dotted_job_name_is_a_job() -> None:
    named = {
        node.value
        for path in python_files("app", "jobs")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"jobs\.\w+\.\w+", node.value)
    }

    assert named
    for name in named:
        module, _, function = name.rpartition(".")
        assert callable(getattr(import_module(module), function)), name


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_nothing_inline(path: Path) -> None:
    found = [line.strip() for line in path.read_text().splitlines() if INLINE.search(line)]
    styled = STYLE.search if path.parent == ROOT / "templates/mails" else None

    assert [line for line in found if not (styled and styled(line))] == []


def test_a_partial_extends_nothing() -> None:
    extending = [
        str(path.relative_to(ROOT))
        for path in templates()
        if path.name.startswith("_") and "{% extends" in path.read_text()
    ]

    assert extending == []


def test_no_module_is_longer_than_a_person_reads_at_once() -> None:
    limits = dict.fromkeys(
        python_files(".", "app", "jobs", "demo", "serve", "assets", "bench"), LONGEST_MODULE
    )
    limits |= dict.fromkeys(python_files("tests"), LONGEST_TEST_MODULE)
    lengths = {path: len(path.read_text().splitlines()) for path in limits}

    assert {path: lines for path, lines in lengths.items() if lines > limits[path]} == {}


def test_no_template_is_longer_or_wider_than_a_screen() -> None:
    lines = {str(path.relative_to(ROOT)): path.read_text().splitlines() for path in templates()}

    assert [name for name, rows in lines.items() if len(rows) > LONGEST_TEMPLATE] == []
    assert {
        f"{name}:{number}": row
        for name, rows in lines.items()
        for number, row in enumerate(rows, 1)
        if len(row) > WIDEST_TEMPLATE
    } == {}
