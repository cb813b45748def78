"""What Atlassian promises, and what this process and Jira said to each other."""

from typing import Any

import pytest
from jsonschema import Draft4Validator

from tests.contract.files import contract_file
from tests.contract.openapi import Description


@pytest.fixture(scope="session")
def openapi() -> dict[str, Any]:
    document: dict[str, Any] = contract_file("openapi-subset.json")
    return document


@pytest.fixture(scope="session")
def description(openapi: dict[str, Any]) -> Description:
    return Description(openapi)


@pytest.fixture(scope="session")
def document_format() -> Draft4Validator:
    """Atlassian's schema of a description."""
    return Draft4Validator(contract_file("adf-schema-v1.json"))
