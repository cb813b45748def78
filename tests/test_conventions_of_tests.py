"""What holds for all tests and is cheap to check by a machine (style.md §4)."""

import ast
import re
from pathlib import Path

from tests.support.source_files import ROOT, imports_of, is_within, name_of, python_files

# Tests say what stands in which element; a tag or an attribute as text breaks by a mere space.
GLUED = re.compile(
    r"<[a-z]|\b(?:id|class|name|value|type|href|action|integrity|(?:aria|data|hx)-[\w-]+)=\"",
    re.IGNORECASE,
)
# Their subject is the markup itself: Markdown to HTML and to ADF, and what Jira sets in bold.
ABOUT_MARKUP = ("tests/adf/", "tests/jira_cloud/test_lists.py")


def shared_wrongly(path: Path) -> list[str]:
    """What a module under tests/ imports from where nobody looks for something shared."""
    return [
        name
        for name in imports_of(path)
        if is_within(name, "tests")
        and not is_within(name, "tests.support")
        and (is_test_module(name) or not is_shared_with(path, name))
    ]


def is_shared_with(path: Path, name: str) -> bool:
    """Whether a module lies in the folder of `path`, within that or above it."""
    own, folder = name_of(path.parent / "__init__.py"), name.rpartition(".")[0]
    return own != "tests" and (
        is_within(name, own) or (folder != "tests" and is_within(own, folder))
    )


def is_test_module(name: str) -> bool:
    return any(part.startswith("test_") or part == "conftest" for part in name.split("."))


def test_what_tests_share_lies_in_their_folder_or_in_support() -> None:
    wrong = {
        str(path.relative_to(ROOT)): found
        for path in python_files("tests")
        if (found := shared_wrongly(path))
    }

    assert wrong == {}


def glued_markup(path: Path) -> list[str]:
    """Tags and attributes that an assertion of `path` compares as text."""
    written = [
        node
        for claim in ast.walk(ast.parse(path.read_text()))
        if isinstance(claim, ast.Assert)
        for node in ast.walk(claim)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return [f"{node.lineno}: {node.value}" for node in written if GLUED.search(str(node.value))]


def test_a_test_asserts_elements_instead_of_glued_markup() -> None:
    wrong = {
        name: found
        for path in python_files("tests")
        if not (name := str(path.relative_to(ROOT))).startswith(ABOUT_MARKUP)
        and (found := glued_markup(path))
    }

    assert wrong == {}
