"""The folders of the stand-in: imports run one way, and each says what is in it."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.source_files import imports_of

STAND_IN = Path(__file__).parents[2] / "demo" / "jira_cloud"
# Each may import those before it, never one that comes after it.
ORDER = (
    "machine", "answers", "catalog", "state", "traffic", "oauth", "issues", "search", "webhooks",
    "rest", "control", "cloud", "pages", "serving", "server", "__main__",
)  # fmt: skip
FOLDERS = sorted(path.parent.name for path in STAND_IN.glob("*/__init__.py"))


def room_of(path: Path) -> str:
    return path.relative_to(STAND_IN).with_suffix("").parts[0]


def rooms_imported(path: Path) -> set[str]:
    names = [name.split(".") for name in imports_of(path)]
    return {parts[2] for parts in names if parts[:2] == ["demo", "jira_cloud"] and parts[2:]}


def docstring_of(folder: str) -> str:
    tree = ast.parse((STAND_IN / folder / "__init__.py").read_text())
    return ast.get_docstring(tree) or ""


def files_in_reading_order(folder: str) -> list[str]:
    files = {path.stem for path in (STAND_IN / folder).glob("*.py")} - {"__init__"}
    named = [name for name in re.findall(r"`(\w+)`", docstring_of(folder)) if name in files]
    assert sorted(named) == sorted(files), f"{folder}/__init__.py names each file once"
    return named


def test_imports_run_one_way_between_the_folders() -> None:
    wrong = {
        str(path.relative_to(STAND_IN)): sorted(upwards)
        for path in STAND_IN.rglob("*.py")
        if path != STAND_IN / "__init__.py"
        if (upwards := rooms_imported(path) - set(ORDER[: ORDER.index(room_of(path)) + 1]))
    }

    assert wrong == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_is_read_from_the_files_that_need_no_other(folder: str) -> None:
    order = files_in_reading_order(folder)
    wrong = {}
    for number, name in enumerate(order):
        later = {f"demo.jira_cloud.{folder}.{each}" for each in order[number + 1 :]}
        if found := later & set(imports_of(STAND_IN / folder / f"{name}.py")):
            wrong[name] = sorted(found)

    assert wrong == {}


def test_the_readme_lists_every_folder_in_this_order() -> None:
    rows = re.findall(r"^\| `(\w+)/` \|", (STAND_IN / "README.md").read_text(), re.MULTILINE)

    assert rows == [room for room in ORDER if room in FOLDERS]
    assert set(rows) == set(FOLDERS)
