"""The structure of Atlassian's own description files, as the project keeps it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STRUCTURE = Path(__file__).resolve().parents[1] / "contract" / "structure"
Json = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """What a file of `structure/` is made of.

    files: Atlassian's, by name; the first names title and version unless `title` does
    published: where Atlassian publishes what they are cut from
    as_of: the day of our copy
    """

    files: Sequence[str]
    published: str
    as_of: str
    title: str = ""
    version: str = ""


SOURCES: Mapping[str, Source] = {
    "openapi.json": Source(
        files=("openapi-subset.json", "openapi-more.json"),
        published="https://dac-static.atlassian.com/cloud/jira/platform/swagger-v3.v3.json",
        as_of="2026-07-21",
    ),
    "adf.json": Source(
        files=("adf-schema-v1.json",),
        published="http://go.atlassian.com/adf-json-schema",
        as_of="2026-11-23",
        title="@atlaskit/adf-schema, dist/json-schema/v1/full.json",
        version="57.7.22",
    ),
}


def structure(name: str) -> Json:
    """A file of `structure/`."""
    document: Json = json.loads((STRUCTURE / name).read_text(encoding="utf-8"))
    return document
