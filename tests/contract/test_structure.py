"""What the project keeps of Atlassian's files: all of their structure, and none of their words."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract import exceptions
from tests.contract.extract_structure import (
    DifferentVersions,
    UnknownKeyword,
    extracted,
    structure_of,
)
from tests.support.structure import SOURCES, Source, structure

Place = tuple[str, ...]

FOR_READERS = {
    "$comment", "contact", "default", "description", "example", "examples", "externalDocs",
    "license", "summary", "tags", "termsOfService", "title",
}  # fmt: skip
PERSON = {
    "type": "object",
    "description": "A person, in words.",
    "title": "Person",
    "required": ["description"],
    "additionalProperties": False,
    "properties": {
        "description": {"type": "string", "description": "Their words.", "example": "Hello there"},
        "role": {"type": "string", "enum": ["owner", "on leave"], "default": "owner"},
        "friends": {"type": "array", "items": {"$ref": "#/components/schemas/Person"}},
    },
}
READ = {
    "operationId": "readPerson",
    "summary": "Read a person",
    "tags": ["People"],
    "deprecated": False,
    "security": [{"basicAuth": []}, {"OAuth2": ["read:people"]}],
    "parameters": [
        {
            "name": "id",
            "in": "path",
            "required": True,
            "description": "Whose.",
            "schema": {"type": "string"},
        },
        {"name": "full", "in": "query", "required": False, "schema": {"type": "boolean"}},
    ],
    "responses": {
        "200": {
            "description": "Here they are.",
            "content": {
                "application/json": {
                    "example": '{"description": "Hello"}',
                    "schema": {"$ref": "#/components/schemas/Person"},
                }
            },
        },
        "404": {"description": "Nobody."},
    },
}


def openapi(*, person: dict[str, Any] = PERSON, **methods: Any) -> dict[str, Any]:
    return {
        "openapi": "3.0.1",
        "info": {"title": "People", "version": "1", "description": "All about people."},
        "tags": [{"name": "People", "description": "All of them."}],
        "paths": {"/people/{id}": methods or {"get": READ}},
        "components": {"schemas": {"Person": person}, "securitySchemes": {"basicAuth": {}}},
    }


def places(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Everything within a document, with the keys that lead there."""
    yield place, value
    children = value.items() if isinstance(value, dict) else []
    if isinstance(value, list):
        children = [("", each) for each in value]
    for key, child in children:
        yield from places(child, (*place, key))


@pytest.mark.parametrize("name", SOURCES)
def test_it_holds_no_sentence(name):
    document = structure(name)
    del document["origin"]

    spaced = [
        (place, value)
        for place, value in places(document)
        if isinstance(value, str) and " " in value and "enum" not in place
    ]
    keys_for_readers = [
        place
        for place, value in places(document)
        if place and place[-1] in FOR_READERS
        # A property may be called so; then a schema follows.
        if place[-2:-1] != ("properties",) or not isinstance(value, dict)
    ]

    assert spaced == []
    assert keys_for_readers == []


@pytest.mark.parametrize("name", SOURCES)
def test_it_says_where_it_comes_from_and_of_what_day(name):
    origin = structure(name)["origin"]

    assert origin["published"].startswith("http")
    assert len(origin["as_of"]) == len("2026-07-21")
    assert origin["title"]
    assert origin["version"]


@pytest.mark.parametrize("name", SOURCES)
def test_whatever_it_refers_to_is_in_it(name):
    document = structure(name)
    kept = {"#/" + "/".join(place) for place, _ in places(document)}
    references = {value for place, value in places(document) if place and place[-1] == "$ref"}

    assert len(references) > 40
    assert references - kept == set()


def test_the_exceptions_are_about_what_atlassian_says():
    schemas = structure("openapi.json")["components"]["schemas"]

    for name, key in exceptions.DATES_OF_TWO_TYPES.items():
        assert schemas[name]["properties"][key]["type"] in ("integer", "string")
    for name, keys in exceptions.MAY_BE_NULL.items():
        assert all(schemas[name]["properties"][key] == {"type": "string"} for key in keys)
    for name, keys in exceptions.KEYS_BARRED_BUT_SENT.items():
        assert schemas[name]["additionalProperties"] is False
        assert not schemas[name]["properties"].keys() & set(keys)
    paths = structure("openapi.json")["paths"]
    names = {each["operationId"] for methods in paths.values() for each in methods.values()}
    assert set(exceptions.REFUSED_AS_A_WHOLE) <= names
    for path, methods in exceptions.MORE_OPERATIONS.items():
        assert not paths.get(path, {}).keys() & methods.keys()


def test_rules_are_kept_and_words_left_out():
    assert structure_of(openapi()) == {
        "openapi": "3.0.1",
        "paths": {
            "/people/{id}": {
                "get": {
                    "operationId": "readPerson",
                    "security": [{"OAuth2": ["read:people"]}],
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": STRING},
                        {"name": "full", "in": "query", "schema": {"type": "boolean"}},
                    ],
                    "responses": {
                        "200": {"content": {"application/json": {"schema": REFERENCE}}},
                        "404": {},
                    },
                }
            }
        },
        "components": {
            "schemas": {
                "Person": {
                    "type": "object",
                    "required": ["description"],
                    "additionalProperties": False,
                    "properties": {
                        "description": STRING,
                        "role": {"type": "string", "enum": ["owner", "on leave"]},
                        "friends": {"type": "array", "items": REFERENCE},
                    },
                }
            }
        },
    }


def test_a_rule_that_nobody_knows_stops_the_extraction():
    with pytest.raises(UnknownKeyword, match="propertyNames"):
        structure_of(openapi(person=PERSON | {"propertyNames": {"maxLength": 3}}))


def test_two_files_become_one(two_files):
    two_files(openapi(), openapi(delete=READ | {"operationId": "deletePerson"}))

    both = json.loads(extracted("people.json", two_files.folder))

    assert set(both["paths"]["/people/{id}"]) == {"get", "delete"}
    assert (both["origin"]["title"], both["origin"]["version"]) == ("People", "1")


@pytest.mark.parametrize(
    "second",
    [openapi(person=PERSON | {"required": []}), openapi(get=READ | {"operationId": "other"})],
)
def test_two_files_that_contradict_each_other_are_none(two_files, second):
    two_files(openapi(), second)

    with pytest.raises(DifferentVersions):
        extracted("people.json", two_files.folder)


STRING = {"type": "string"}
REFERENCE = {"$ref": "#/components/schemas/Person"}


@pytest.fixture
def two_files(tmp_path, monkeypatch):
    """Writes the two files that `people.json` is made of."""

    def write(first: dict[str, Any], second: dict[str, Any]) -> None:
        (tmp_path / "first.json").write_text(json.dumps(first))
        (tmp_path / "second.json").write_text(json.dumps(second))

    write.folder = tmp_path
    source = Source(("first.json", "second.json"), "https://people.test", "2026-01-01")
    monkeypatch.setattr("tests.contract.extract_structure.SOURCES", {"people.json": source})
    return write
