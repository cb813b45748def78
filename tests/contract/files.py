"""Atlassian's own description files. They are not part of the project (README)."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.contract.extract_structure import STRUCTURE, Json

BESIDE_THE_PROJECT = Path(__file__).resolve().parents[2].parent / "shared" / "jira"
REASON = "needs contract files: set JIRA_CONTRACT_DIR to the folder that holds "


def contract_file(name: str) -> Any:
    """The JSON of one of the files; skips the test where it is absent."""
    folder = Path(os.environ.get("JIRA_CONTRACT_DIR") or BESIDE_THE_PROJECT)
    path = folder / name
    if not path.is_file():
        pytest.skip(REASON + name)
    return json.loads(path.read_text(encoding="utf-8"))


def structure(name: str) -> Json:
    """A file of `structure/`."""
    document: Json = json.loads((STRUCTURE / name).read_text(encoding="utf-8"))
    return document
