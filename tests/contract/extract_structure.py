"""Keeps the structure of Atlassian's own description files, and none of their words.

    python -m tests.contract.extract_structure FOLDER

reads Atlassian's files in FOLDER and writes `tests/contract/structure/` anew. Kept are paths,
methods, parameters, content types, status codes, scopes and the rules of schemas. Left out are
descriptions, summaries, titles, examples, tags and defaults. A keyword that is in neither list
stops the extraction, so that no rule of Atlassian's is lost unnoticed.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.support.structure import SOURCES, STRUCTURE, Json

LINE_LENGTH = 100

RULES = {
    "$ref", "type", "format", "enum", "nullable", "required", "pattern", "uniqueItems",
    "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
}  # fmt: skip
WITH_SCHEMAS = {"items", "additionalProperties", "allOf", "anyOf", "oneOf"}
LEFT_OUT = {
    "title", "description", "example", "default", "deprecated", "readOnly", "writeOnly", "xml",
    "$comment",
}  # fmt: skip


class UnknownKeyword(Exception):
    """Nobody has decided yet whether this keyword of a schema is a rule or words."""


class DifferentVersions(Exception):
    """Two files say different things of the same operation or schema."""


def main() -> None:
    """Write `structure/` anew from the folder that is named."""
    [folder] = sys.argv[1:]
    STRUCTURE.mkdir(exist_ok=True)
    for name in SOURCES:
        (STRUCTURE / name).write_text(extracted(name, Path(folder)), encoding="utf-8")


def extracted(name: str, folder: Path) -> str:
    """The text of a file of `structure/`. Raises UnknownKeyword, DifferentVersions."""
    source = SOURCES[name]
    documents = [json.loads((folder / each).read_text(encoding="utf-8")) for each in source.files]
    kept = structure_of(documents[0])
    for document in documents[1:]:
        _add(structure_of(document), kept)
    info = documents[0].get("info", {})
    origin = {
        "title": source.title or info["title"],
        "version": source.version or info["version"],
        "published": source.published,
        "as_of": source.as_of,
    }
    return _written({"origin": origin, **kept}) + "\n"


def structure_of(document: Json) -> Json:
    """What is kept of an OpenAPI or JSON Schema document. Raises UnknownKeyword."""
    if "openapi" not in document:
        kept = {name: document[name] for name in ("$schema", "$ref")}
        return {**kept, "definitions": _each(document["definitions"], _schema)}
    return {
        "openapi": document["openapi"],
        "paths": _each(document["paths"], lambda methods: _each(methods, _operation)),
        "components": {"schemas": _each(document["components"]["schemas"], _schema)},
    }


def _operation(described: Json) -> Json:
    kept: Json = {
        "operationId": described["operationId"],
        "responses": _each(described["responses"], _message),
        "security": [each for each in described.get("security", []) if "OAuth2" in each],
    }
    if described.get("parameters"):
        kept["parameters"] = [_parameter(each) for each in described["parameters"]]
    if "requestBody" in described:
        kept["requestBody"] = _message(described["requestBody"])
    return kept


def _parameter(described: Json) -> Json:
    kept = {name: described[name] for name in ("name", "in")}
    return {**kept, **_if_required(described), "schema": _schema(described["schema"])}


def _message(described: Json) -> Json:
    """The body of a request or an answer: its content types, and the schema of each."""
    content = described.get("content", {})
    kept = _if_required(described)
    return {**kept, "content": _each(content, _media)} if content else kept


def _if_required(described: Json) -> Json:
    return {"required": True} if described.get("required") else {}


def _media(described: Json) -> Json:
    return {"schema": _schema(described["schema"])} if "schema" in described else {}


def _schema(schema: Any) -> Any:
    """What is kept of a schema, of a list of schemas, or of a plain yes or no."""
    if isinstance(schema, list):
        return [_schema(each) for each in schema]
    return dict(_keywords(schema)) if isinstance(schema, dict) else schema


def _keywords(schema: Json) -> Iterator[tuple[str, Any]]:
    for keyword, value in schema.items():
        if keyword in RULES:
            yield keyword, value
        elif keyword in WITH_SCHEMAS:
            yield keyword, _schema(value)
        elif keyword == "properties":
            yield keyword, _each(value, _schema)
        elif keyword not in LEFT_OUT:
            raise UnknownKeyword(keyword)


def _each(described: Json, kept: Callable[[Any], Any]) -> Json:
    return {name: kept(value) for name, value in described.items()}


def _add(more: Json, kept: Json) -> None:
    """Add the operations and schemas of another file of the same description."""
    for path, methods in more["paths"].items():
        _join(methods, kept["paths"].setdefault(path, {}))
    _join(more["components"]["schemas"], kept["components"]["schemas"])


def _join(more: Json, kept: Json) -> None:
    for name, value in more.items():
        if kept.setdefault(name, value) != value:
            raise DifferentVersions(name)


def _written(value: Any, margin: int = 0, taken: int = 0) -> str:
    """JSON with sorted keys, one space deep; whatever fits in a line stands in one."""
    line = json.dumps(value, sort_keys=True, ensure_ascii=False)
    if taken + len(line) <= LINE_LENGTH or not value or not isinstance(value, dict | list):
        return line
    inner = margin + 1
    if isinstance(value, list):
        begin, end = "[", "]"
        parts = [_written(each, inner, inner) for each in value]
    else:
        begin, end = "{", "}"
        names = {name: f"{json.dumps(name)}: " for name in sorted(value)}
        parts = [
            said + _written(value[name], inner, inner + len(said)) for name, said in names.items()
        ]
    lines = ",\n".join(" " * inner + part for part in parts)
    return f"{begin}\n{lines}\n{' ' * margin}{end}"


if __name__ == "__main__":
    main()
