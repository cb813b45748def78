"""OAuth of Atlassian, which its OpenAPI file leaves out: as in jira-platform.md §1.3 to §1.5."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft4Validator

from tests.contract.openapi import Description, Exchange

STRING = {"type": "string", "minLength": 1}


def closed(required: tuple[str, ...], **more: Any) -> dict[str, Any]:
    """An object of strings, all of them required, and `more`."""
    properties = dict.fromkeys(required, STRING) | more
    kind = {"type": "object", "additionalProperties": False}
    return kind | {"required": list(properties), "properties": properties}


CLIENT = ("grant_type", "client_id", "client_secret")
TOKEN_REQUEST = {
    "oneOf": [
        closed((*CLIENT[1:], "code", "redirect_uri"), grant_type={"enum": ["authorization_code"]}),
        closed((*CLIENT[1:], "refresh_token"), grant_type={"enum": ["refresh_token"]}),
    ]
}
TOKEN_ANSWER = closed(
    ("access_token", "refresh_token", "scope"),
    expires_in={"type": "integer", "minimum": 1},
    token_type={"enum": ["Bearer"]},
)
TOKEN_REFUSAL = closed(("error", "error_description"))
RESOURCES = {
    "type": "array",
    "items": closed(("id", "name", "url", "avatarUrl"), scopes={"type": "array", "items": STRING}),
}


def all_faults(exchange: Exchange, description: Description) -> list[str]:
    """What is wrong with an exchange, whether it went to Jira or to Atlassian's OAuth."""
    path = urlsplit(exchange.url).path
    if path == "/oauth/token":
        return [f"{exchange}: {fault}" for fault in _token_faults(exchange)]
    if path == "/oauth/token/accessible-resources":
        return [f"{exchange}: {fault}" for fault in _resource_faults(exchange)]
    return description.faults(exchange)


def _token_faults(exchange: Exchange) -> Iterator[str]:
    if exchange.method != "POST":
        yield "a token is asked for with POST"
    yield from _mismatches(TOKEN_REQUEST, exchange.request_body)
    if exchange.status == 200:
        yield from _mismatches(TOKEN_ANSWER, exchange.body)
    elif exchange.status < 429:
        yield from _mismatches(TOKEN_REFUSAL, exchange.body)


def _resource_faults(exchange: Exchange) -> Iterator[str]:
    if exchange.status == 200:
        yield from _mismatches(RESOURCES, exchange.body)


def _mismatches(schema: dict[str, Any], body: bytes) -> Iterator[str]:
    for error in Draft4Validator(schema).iter_errors(json.loads(body)):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
