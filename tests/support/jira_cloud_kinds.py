"""Every kind of field with what Jira takes for it, what it gives back, and what it refuses.

Ids of options are of company-managed fields; `twin` makes those of a team-managed project of them.
"""

from dataclasses import dataclass
from typing import Any

from demo.jira_cloud.catalog.fields import KINDS, TEAM_KINDS
from demo.jira_cloud.catalog.sites import project_by_key
from tests.support import jira_cloud_bodies as bodies

MAYA = "5c2e4f1a9d3b7a0e6c8d1f25"
INES = "5e1c7d2f4a6b8c0d2e4f6a33"  # is inactive
TEAM = "36885b3c-1bf0-4f85-a357-c5b858c30001"
PLATFORM = project_by_key("acme-eng", "PLAT").id
UNSETTABLE = ("read_only", "app", "epic_link", "attachment", "linked_issues", "time_tracking")
# Their examples need something that exists first: an epic, a sprint.
LINKED = ("parent", "sprint")


@dataclass(frozen=True)
class Example:
    """A value as it is sent, what is read back, and values of a wrong shape."""

    sent: Any
    read: Any
    wrong: tuple[Any, ...]


def versions(project: str) -> dict[str, str]:
    """The ids of the project's versions by name."""
    first = int(project_by_key("acme-eng", project).id) * 10
    return {name: str(first + place) for place, name in enumerate(("0.9", "1.0", "1.1", "2.0"))}


def examples(project: str = "KIND") -> dict[str, Example]:
    """By kind, for the fields of the project; without those of LINKED and UNSETTABLE."""
    first = int(project_by_key("acme-eng", project).id) * 10
    version = versions(project)
    shared = _plain() | _people() | _listed(first, version)
    return shared if project != "TWIN" else {kind: _twin(kind, shared[kind]) for kind in shared}


def _plain() -> dict[str, Example]:
    lines = (7, ["a"], {"value": "a"}, bodies.document("a"), "x" * 256, "two\nlines")
    texts: Any = ("plain", 7, [], {"type": "doc"}, bodies.document("x" * 32_768))
    labels = ("retro", {"name": "retro"}, ["two words"], [""], [7], ["x" * 256])
    written = bodies.document("Why", "And how")
    numbers = ("3", [3], {"value": 3}, True)
    return {
        "text": Example('Out of "disk"', 'Out of "disk"', lines),
        "paragraph": Example(written, written, texts),
        "environment": Example(written, written, texts),
        "number": Example(2.5, 2.5, numbers),
        "estimate": Example(3, 3.0, numbers),
        "date": Example(
            "2026-12-01", "2026-12-01", ("01/12/2026", "2026-13-01", 7, "2026-12-01T00:00:00Z")
        ),
        "datetime": Example(
            "2026-12-01T09:00:00.000+0000",
            "2026-12-01T03:00:00.000-0600",
            ("2026-12-01", "2026-12-01T09:00:00Z", "2026-12-01T09:00:00.000+00:00", 7),
        ),
        "url": Example(
            "https://wiki.acme.test/a?b=1",
            "https://wiki.acme.test/a?b=1",
            ("wiki.acme.test", "javascript:alert(1)", "https://", "https://a b", 7),
        ),
        "labels": Example(["retro", "team-core"], ["retro", "team-core"], labels),
        "custom_labels": Example(["z", "a", "z"], ["a", "z"], labels),
    }


def _people() -> dict[str, Example]:
    persons: Any = ("maya", {"name": "maya"}, {"accountId": "nobody"}, {"accountId": INES}, [])
    groups = ("site-admins", {"groupId": "1"}, {"name": "nobody"}, {"name": "Site-Admins"})
    return {
        "user": Example({"accountId": MAYA}, MAYA, persons),
        "users": Example(
            [{"accountId": MAYA}], [MAYA], ({"accountId": MAYA}, [MAYA], [{"accountId": INES}])
        ),
        "group": Example({"name": "site-admins"}, "site-admins", groups),
        "groups": Example(
            [{"name": "site-admins"}, {"name": "squad-01"}],
            ["site-admins", "squad-01"],
            ({"name": "site-admins"}, ["site-admins"], [{"name": "nobody"}]),
        ),
        "team": Example(TEAM, TEAM, ({"id": TEAM}, [TEAM], "Platform", 7)),
    }


def _listed(first: int, version: dict[str, str]) -> dict[str, Example]:
    level = str(first + 5)
    none: Any = ("Red", {"id": "0"}, {"id": 7}, [], {"name": "Red"}, {})
    several = ({"id": "10220"}, "Red", ["Red"], [{"id": "0"}], [{"name": "Red"}])
    parts = ({"id": str(first)}, [str(first)], [{"id": "0"}])
    archived = version["0.9"]
    releases = ({"id": version["2.0"]}, [version["2.0"]], [{"id": archived}], [{"id": "0"}])
    return {
        "select": Example({"id": "10201"}, "10201", none),
        "default_select": Example({"value": "Major"}, "10271", none),
        "radio": Example({"id": "10211"}, "10211", none),
        "many_options": Example({"id": "39999"}, "39999", none),
        "multiselect": Example([{"id": "10220"}, {"value": "אדום"}], ["10220", "10223"], several),
        "checkboxes": Example([{"id": "10230"}], ["10230"], ({"id": "10230"}, [{"id": "0"}])),
        "cascading": Example(
            {"id": "10250", "child": {"id": "10252"}},
            ("10250", "10252"),
            ({"id": "10250", "child": {"id": "10241"}}, {"id": "0"}, ["10250"], {"child": {}}),
        ),
        "version": Example({"id": version["1.0"]}, version["1.0"], (archived, {"id": archived})),
        "multi_version": Example([{"id": version["2.0"]}], [version["2.0"]], releases),
        "fix_versions": Example([{"name": "2.0"}], [version["2.0"]], releases),
        "affects_versions": Example([{"id": version["1.0"]}], [version["1.0"]], releases),
        "components": Example(
            [{"id": str(first)}, {"name": "Web"}], [str(first), str(first + 1)], parts
        ),
        "priority": Example({"id": "2"}, "2", ({"value": "High"}, "2", {"name": "Urgent"}, [])),
        "security": Example({"id": level}, level, ({"id": str(first + 6)}, level, {"id": "0"})),
        "project_picker": Example(
            {"key": "PLAT"}, PLATFORM, ({"id": "1"}, "PLAT", {"name": "PLAT"})
        ),
    }


def field_id(kind: str, project: str) -> str:
    """The id of the kind's field in the project."""
    return (TEAM_KINDS if project == "TWIN" else KINDS)[kind].id


def identity(value: Any) -> Any:
    """What identifies a value that was read back."""
    if isinstance(value, list):
        return [identity(each) for each in value]
    if not isinstance(value, dict) or value.get("type") == "doc":
        return value
    if "child" in value:
        return (value["id"], value["child"]["id"])
    if "groupId" in value:
        return value["name"]
    return value.get("accountId") or value.get("id")


def _twin(kind: str, example: Example) -> Example:
    if KINDS[kind].id == TEAM_KINDS[kind].id or callable(KINDS[kind].options):
        return example
    return Example(*(_moved(each) for each in (example.sent, example.read, example.wrong)))


def _moved(value: Any) -> Any:
    """The same value with the ids of options of team-managed fields."""
    if isinstance(value, dict):
        return {name: _moved(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_moved(each) for each in value)
    is_option = isinstance(value, str) and value.isdecimal() and value.startswith("102")
    return str(int(value) + 1_000) if is_option else value
