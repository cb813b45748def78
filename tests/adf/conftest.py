"""Atlassian's own schema of a document."""

import pytest
from jsonschema import Draft4Validator

from tests.support.adf_schema import validator_for
from tests.support.structure import structure


@pytest.fixture(scope="session")
def adf_schema() -> Draft4Validator:
    """A validator of ADF version 1."""
    validator: Draft4Validator = validator_for(structure("adf.json"))
    return validator
