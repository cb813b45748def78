"""Holds every description against Atlassian's schema of a document."""

import json
from collections.abc import Iterator
from typing import Any

from tests.contract.openapi import Exchange


def document_faults(exchange: Exchange, document_format: Any) -> list[str]:
    """What is wrong with the descriptions that were sent and taken, or read back."""
    if exchange.path.endswith("/editmeta"):
        return []  # its descriptions are of the field, not in it
    taken = exchange.request_body if exchange.status < 300 else b""
    return [
        f"{exchange}: the description: {error.message[:200]}"
        for body in (taken, exchange.body)
        for document in _descriptions(body)
        for error in document_format.iter_errors(document)
    ]


def _descriptions(body: bytes) -> Iterator[Any]:
    try:
        yield from _documents(json.loads(body))
    except ValueError:
        return


def _documents(value: Any) -> Iterator[Any]:
    """Every `description` within the fields of an issue that is not empty."""
    if isinstance(value, list):
        for each in value:
            yield from _documents(each)
    elif isinstance(value, dict):
        fields = value.get("fields")
        if isinstance(fields, dict) and fields.get("description") is not None:
            yield fields["description"]
        for name in ("issueUpdates", "issues"):
            yield from _documents(value.get(name))
