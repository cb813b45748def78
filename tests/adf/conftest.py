"""Atlassian's own ADF schema, which is not part of the project."""

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from tests.adf.schema import validator_for

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def adf_schema() -> Draft4Validator:
    """A validator of ADF version 1; skips where the contract files are absent."""
    folder = Path(os.environ.get("JIRA_CONTRACT_DIR") or PROJECT.parent / "shared" / "jira")
    path = folder / "adf-schema-v1.json"
    if not path.exists():
        pytest.skip("needs contract files: set JIRA_CONTRACT_DIR to where adf-schema-v1.json is")
    return validator_for(json.loads(path.read_text(encoding="utf-8")))
