"""A validator of ADF that looks only at the branches which a node's type leaves open.

The plain one tries a bullet list as an ordered list too, and so takes twice as long for each
level of lists: half a minute for ten.
"""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft4Validator, ValidationError
from jsonschema.validators import extend


def validator_for(schema: dict[str, Any]) -> Any:
    """Return a validator that accepts and rejects what Draft4Validator does, only faster."""
    definitions = schema["definitions"]

    def any_of(
        validator: Any, branches: list[Any], instance: Any, parent: Any
    ) -> Iterator[ValidationError]:
        kind = instance.get("type") if isinstance(instance, dict) else None
        left = [branch for branch in branches if kind in _types(branch, definitions, kind)]
        plain = Draft4Validator.VALIDATORS["anyOf"]
        found: Iterator[ValidationError] = plain(validator, left or branches, instance, parent)
        return found

    return extend(Draft4Validator, {"anyOf": any_of})(schema)


def _types(branch: dict[str, Any], definitions: dict[str, Any], any_type: Any) -> set[Any]:
    """The node types that a branch can accept; `any_type` where it does not say."""
    if "$ref" in branch:
        name = branch["$ref"].rpartition("/")[2]
        return _types(definitions[name], definitions, any_type)
    if "anyOf" in branch:
        return set().union(*(_types(b, definitions, any_type) for b in branch["anyOf"]))
    if "allOf" in branch:
        return _types(branch["allOf"][0], definitions, any_type)
    return set(branch.get("properties", {}).get("type", {}).get("enum", [any_type]))
