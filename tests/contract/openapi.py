"""Holds requests and answers against Atlassian's OpenAPI description of Jira.

Requests are held more strictly than the description does, which allows any key in many places:
a key that is not declared is a fault.
"""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft4Validator

from tests.contract import exceptions

SITE = re.compile(r"^/ex/jira/[^/]+(?=/rest/)")
JSON = "application/json"
UNDECLARED_OPEN = (None, True, {})
ERROR_COLLECTION = {"$ref": "#/components/schemas/ErrorCollection"}


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, as they went over the wire."""

    method: str
    url: str
    request_headers: Mapping[str, str]
    request_body: bytes
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path beneath the site, such as `/rest/api/3/myself`."""
        return SITE.sub("", urlsplit(self.url).path)

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.url).query, keep_blank_values=True)

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"


@dataclass(frozen=True)
class Operation:
    id: str
    parameters: Mapping[str, Mapping[str, Any]]
    request: Mapping[str, Any] | None
    responses: Mapping[str, Mapping[str, Any]]
    scopes: frozenset[str]


class Description:
    """The OpenAPI description, with the contradictions of `exceptions` taken out."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = copy.deepcopy(dict(document))
        for path, operations in exceptions.MORE_OPERATIONS.items():
            self._document["paths"].setdefault(path, {}).update(operations)
        schemas = self._document["components"]["schemas"]
        _take_out_contradictions(schemas)
        self._answer_schemas = _nullable(schemas)
        self._request_schemas = _closed(self._answer_schemas)
        self._operations = {
            (method.upper(), _pattern(path)): _operation(described)
            for path, methods in self._document["paths"].items()
            for method, described in methods.items()
            if method != "parameters"
        }

    def operations(self) -> Iterator[Operation]:
        yield from self._operations.values()

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation behind a request; the path with the fewest placeholders wins."""
        found = [
            (pattern.groups, operation)
            for (verb, pattern), operation in self._operations.items()
            if verb == method and pattern.fullmatch(path)
        ]
        return min(found, key=lambda each: each[0])[1] if found else None

    def faults(self, exchange: Exchange) -> list[str]:
        """What is wrong with a request and its answer; empty when nothing is."""
        operation = self.operation(exchange.method, exchange.path)
        if operation is None:
            return [f"{exchange}: there is no such operation"]
        faults = [*self._request_faults(operation, exchange)]
        faults += self._answer_faults(operation, exchange)
        return [f"{exchange} ({operation.id}): {fault}" for fault in faults]

    def example_faults(self, schema: Mapping[str, Any], example: Any) -> list[str]:
        return [*self._mismatches(self._answer_schemas, schema, example)]

    def _request_faults(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        yield from _query_faults(operation, exchange)
        if not exchange.request_headers.get("Authorization", "").startswith("Bearer "):
            yield "it is not signed"
        if operation.request is None:
            if exchange.request_body:
                yield "it has a body where none is declared"
            return
        if not exchange.request_headers.get("Content-Type", "").startswith(JSON):
            yield "its body is not declared to be JSON"
        body = json.loads(exchange.request_body)
        schema = operation.request["content"][JSON]["schema"]
        yield from self._mismatches(self._request_schemas, schema, body)

    def _answer_faults(self, operation: Operation, exchange: Exchange) -> Iterator[str]:
        response = _response(operation, str(exchange.status))
        if response is None:
            if exchange.status not in exceptions.ANY_OPERATION_MAY_ANSWER:
                yield f"a {exchange.status} is not declared"
            return
        if exchange.status >= 400:
            yield from self._refusal_faults(response, exchange)
            return
        content = response.get("content")
        if not content or not content[JSON].get("schema"):
            return
        if not exchange.headers.get("Content-Type", "").startswith(JSON):
            yield "the answer is not declared to be JSON"
            return
        body = json.loads(exchange.body)
        yield from self._mismatches(self._answer_schemas, content[JSON]["schema"], body)

    def _refusal_faults(self, response: Mapping[str, Any], exchange: Exchange) -> Iterator[str]:
        """Jira's own refusals must fit; the gateway's have shapes of their own.

        Source: jira-platform.md §3.
        """
        schema = response.get("content", {}).get(JSON, {}).get("schema")
        try:
            body = json.loads(exchange.body)
        except ValueError:
            return
        if schema and not {"code", "timestamp"} & set(body):
            yield from self._mismatches(self._answer_schemas, schema, body)

    def _mismatches(
        self, schemas: Mapping[str, Any], schema: Mapping[str, Any], body: Any
    ) -> Iterator[str]:
        whole = {"components": {"schemas": schemas}, "allOf": [schema]}
        for error in Draft4Validator(whole).iter_errors(body):
            where = "/".join(str(part) for part in error.absolute_path) or "the body"
            yield f"{where}: {error.message[:300]}"


def _response(operation: Operation, status: str) -> Mapping[str, Any] | None:
    response = operation.responses.get(status)
    if status not in exceptions.REFUSED_AS_A_WHOLE.get(operation.id, ()):
        return response
    shapes = [ERROR_COLLECTION]
    if response is not None:
        shapes.append(response["content"][JSON]["schema"])
    return {"content": {JSON: {"schema": {"anyOf": shapes}}}}


def _query_faults(operation: Operation, exchange: Exchange) -> Iterator[str]:
    declared = {
        name: parameter
        for name, parameter in operation.parameters.items()
        if parameter["in"] == "query"
    }
    for name, parameter in declared.items():
        if parameter.get("required") and name not in dict(exchange.query):
            yield f"the parameter {name} is missing"
    for name, value in exchange.query:
        if name not in declared:
            yield f"the parameter {name} is not declared"
        elif not _fits(declared[name].get("schema", {}), value):
            yield f"the parameter {name} cannot be {value!r}"


def _fits(schema: Mapping[str, Any], value: str) -> bool:
    if schema.get("type") == "array":
        schema = schema.get("items", {})
    typed: Any = value
    if schema.get("type") == "integer":
        typed = int(value) if re.fullmatch(r"-?\d+", value) else value
    elif schema.get("type") == "boolean":
        typed = {"true": True, "false": False}.get(value, value)
    return Draft4Validator(dict(schema)).is_valid(typed)


def _operation(described: Mapping[str, Any]) -> Operation:
    scopes = [each["OAuth2"] for each in described.get("security", []) if "OAuth2" in each]
    return Operation(
        id=described["operationId"],
        parameters={each["name"]: each for each in described.get("parameters", [])},
        request=described.get("requestBody"),
        responses=described["responses"],
        scopes=frozenset(scopes[0] if scopes else ()),
    )


def _pattern(template: str) -> re.Pattern[str]:
    """A path template as a pattern that takes one segment for each placeholder."""
    return re.compile(re.sub(r"\\?\{[^/]*?\\?\}", "([^/]+)", re.escape(template)))


def _take_out_contradictions(schemas: dict[str, Any]) -> None:
    for name, key in exceptions.DATES_OF_TWO_TYPES.items():
        schemas[name]["properties"][key] = {"type": ["integer", "string"]}
    for name, keys in exceptions.MAY_BE_NULL.items():
        schemas[name]["properties"].update(dict.fromkeys(keys, {"type": ["string", "null"]}))
    for name, keys in exceptions.KEYS_BARRED_BUT_SENT.items():
        schemas[name]["properties"].update(dict.fromkeys(keys, {}))


def _nullable(schema: Any) -> Any:
    """OpenAPI 3.0's `nullable` in the words of JSON Schema."""
    if isinstance(schema, list):
        return [_nullable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    converted = {key: _nullable(each) for key, each in schema.items()}
    if schema.get("nullable") is True:
        return {"anyOf": [converted, {"type": "null"}]}
    return converted


def _closed(schema: Any) -> Any:
    """The same schema, refusing every key that it does not declare."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(each) for key, each in schema.items()}
    declares = schema.get("type") == "object" and schema.get("properties")
    if declares and schema.get("additionalProperties") in UNDECLARED_OPEN:
        closed["additionalProperties"] = False
    return closed
