"""Where Atlassian's own files are at hand: our structure is still theirs, and their examples fit.

On a machine without them this module is not collected (`tests/support/official_files.py`).
"""

import difflib
import json
from pathlib import Path

import pytest

from tests.contract.exceptions import WRONG_EXAMPLES
from tests.contract.extract_structure import extracted
from tests.support.official_files import official_folder
from tests.support.structure import SOURCES, STRUCTURE


@pytest.fixture(scope="module")
def folder() -> Path:
    found = official_folder()
    assert found, "JIRA_CONTRACT_DIR is to name the folder that holds Atlassian's files"
    return found


@pytest.mark.parametrize("name", SOURCES)
def test_the_structure_is_still_that_of_the_files(folder, name):
    kept = (STRUCTURE / name).read_text(encoding="utf-8").splitlines()
    theirs = extracted(name, folder).splitlines()

    changes = [*difflib.unified_diff(kept, theirs, "structure", "files", n=1, lineterm="")]
    assert not changes, "\n".join(changes)


def test_what_atlassian_gives_as_an_example_fits(folder, description):
    checked = 0
    for file in SOURCES["openapi.json"].files:
        paths = json.loads((folder / file).read_text(encoding="utf-8"))["paths"]
        for operation in (each for methods in paths.values() for each in methods.values()):
            for where, schema, example in examples(operation):
                faults = description.example_faults(schema, example)
                known = (operation["operationId"], where) in WRONG_EXAMPLES
                assert bool(faults) == known, (operation["operationId"], where, faults)
                checked += 1
    assert checked > 30


def examples(operation):
    """Every (status or "request", schema, example) of an operation; examples are JSON strings."""
    sides = {**operation["responses"], "request": operation.get("requestBody", {})}
    for where, side in sides.items():
        for content in side.get("content", {}).values():
            if "schema" in content and "example" in content:
                written = content["example"]
                example = json.loads(written) if isinstance(written, str) else written
                yield where, content["schema"], example
