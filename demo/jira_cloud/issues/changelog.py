"""How a changelog and a webhook payload word a changed field."""

from typing import Any

from demo.jira_cloud.catalog.accounts import ACCOUNTS
from demo.jira_cloud.catalog.screens import FIELDS
from demo.jira_cloud.issues.adf_rules import text_of


def described(name: str, old: Any, new: Any) -> dict[str, Any]:
    """One changelog item: ids in `from` and `to`, words in `fromString` and `toString`."""
    field = FIELDS[name]
    return {
        "field": name if "system" in field.schema else field.name,
        "fieldtype": "jira" if "system" in field.schema else "custom",
        "fieldId": name,
        "from": _identity(name, old),
        "fromString": plain(name, old),
        "to": _identity(name, new),
        "toString": plain(name, new),
    }


def plain(name: str, value: Any) -> str | None:
    """A field's value in words."""
    if value is None:
        return None
    field = FIELDS[name]
    if field.kind == "user":
        return ACCOUNTS[value].name if value in ACCOUNTS else str(value)
    if field.kind == "choice":
        return field.allowed.get(value, str(value))
    if field.kind == "document":
        return text_of(value)
    if field.kind == "labels":
        return " ".join(value)
    return str(value)


def _identity(name: str, value: Any) -> str | None:
    kind = FIELDS[name].kind
    if value is None or kind not in ("user", "choice", "date", "parent"):
        return None
    return str(value)
