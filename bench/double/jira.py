"""What is answered to which request. It believes everything and refuses nothing but a route."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.double.memory import Memory, Recorded, seconds
from bench.double.points import Points
from bench.double.wire import Answered, Asked

FIELDS = {
    "summary": "string", "description": "string", "assignee": "user", "duedate": "date",
    "project": "project", "issuetype": "issuetype", "labels": "array",
}  # fmt: skip
ACCOUNT = {
    "accountId": "service", "accountType": "atlassian", "displayName": "Unpack", "active": True,
}  # fmt: skip

Respond = Callable[["Jira", Asked, str], Answered]
_ROUTES: list[tuple[str, re.Pattern[str], Respond]] = []


@dataclass
class Settings:
    """latency: seconds a request takes. per_issue: and each issue of a bulk, in addition."""

    latency: float = 0.1
    per_issue: float = 0.0


class Jira:
    """One site, which any token opens."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.memory = Memory()
        self.points = Points()

    def answer(self, asked: Asked) -> Answered:
        """Control requests at once, whatever is Jira's after its latency."""
        if asked.path.startswith("/_double/"):
            return self._control(asked)
        if (refusal := self.points.refusal(asked)) is not None:
            return refusal
        recorded = Recorded(asked.method, asked.path, asked.query, asked.body, seconds())
        self.memory.requests.append(recorded)
        answered = self._routed(asked)
        recorded.status = answered.status
        recorded.made = _made(answered.body) if answered.status == 201 else []
        after = self.settings.latency + self.settings.per_issue * _in_bulk(asked)

        def note() -> None:
            recorded.answered = seconds()

        return Answered(answered.status, answered.body, after, answered.headers, note)

    def _routed(self, asked: Asked) -> Answered:
        path = re.sub(r"^/ex/jira/[^/]+", "", asked.path)
        path = re.sub(r"^/rest/api/[^/]+", "", path)
        for method, pattern, respond in _ROUTES:
            if method == asked.method and (found := pattern.fullmatch(path)):
                return respond(self, asked, next(iter(found.groups()), ""))
        return Answered(404, {"errorMessages": [f"no {asked.method} {path}"], "errors": {}})

    def _control(self, asked: Asked) -> Answered:
        match asked.path.rpartition("/")[2]:
            case "settings":
                self.settings = Settings(**asked.body)
            case "requests":
                return Answered(200, self.memory.recalled())
            case "points":
                self.points = Points(**asked.body)
            case "spent":
                spent = {str(window): each for window, each in self.points.spent.items()}
                return Answered(200, {"spent": spent, "refused": self.points.refused})
            case "forget":
                self.memory.requests.clear()
            case "moves":
                self.memory.move(asked.body["issues"], asked.body["done"])
        return Answered(200, {})


def route(method: str, path: str) -> Callable[[Respond], Respond]:
    """`{}` in the path is one segment."""

    def add(respond: Respond) -> Respond:
        _ROUTES.append((method, re.compile(path.replace("{}", "([^/]+)")), respond))
        return respond

    return add


@route("POST", "/oauth/token")
def _tokens(jira: Jira, asked: Asked, _: str) -> Answered:
    token = {"access_token": "bench", "refresh_token": "bench", "expires_in": 3600}
    return Answered(200, {**token, "scope": "read:jira-work write:jira-work"})


@route("POST", "/issue")
def _create(jira: Jira, asked: Asked, _: str) -> Answered:
    return Answered(201, _named(jira, asked.body))


@route("POST", "/issue/bulk")
def _create_many(jira: Jira, asked: Asked, _: str) -> Answered:
    drafts = asked.body["issueUpdates"]
    return Answered(201, {"issues": [_named(jira, draft) for draft in drafts], "errors": []})


@route("POST", "/issue/bulkfetch")
def _fetch(jira: Jira, asked: Asked, _: str) -> Answered:
    wanted = asked.body["issueIdsOrKeys"]
    found = [jira.memory.issues[each] for each in wanted if each in jira.memory.issues]
    return Answered(200, {"issues": found, "issueErrors": []})


@route("GET", "/issue/{}")
def _show(jira: Jira, asked: Asked, issue_id: str) -> Answered:
    return Answered(200, jira.memory.issues[issue_id])


@route("PUT", "/issue/{}")
def _edit(jira: Jira, asked: Asked, issue_id: str) -> Answered:
    issue = jira.memory.edit(issue_id, asked.body.get("fields", {}))
    return Answered(200, issue) if asked.query.get("returnIssue") == ["true"] else Answered(204)


@route("GET", "/issue/{}/editmeta")
def _edit_screen(jira: Jira, asked: Asked, _: str) -> Answered:
    return Answered(200, {"fields": {name: _field(name) for name in FIELDS}})


@route("GET", "/issue/{}/transitions")
def _transitions(jira: Jira, asked: Asked, _: str) -> Answered:
    return Answered(200, {"transitions": []})


@route("PUT", "/issue/{}/properties/[^/]+")
def _set_property(jira: Jira, asked: Asked, _: str) -> Answered:
    return Answered(200)


@route("GET", "/issue/createmeta/[^/]+/issuetypes")
def _types(jira: Jira, asked: Asked, _: str) -> Answered:
    task = {"id": "10101", "name": "Task", "subtask": False, "hierarchyLevel": 0}
    return Answered(200, {"issueTypes": [task], "total": 1})


@route("GET", "/issue/createmeta/[^/]+/issuetypes/[^/]+")
def _create_screen(jira: Jira, asked: Asked, _: str) -> Answered:
    fields = [_field(name) for name in FIELDS]
    return Answered(200, {"fields": fields, "total": len(fields)})


@route("GET", "/mypermissions")
def _permissions(jira: Jira, asked: Asked, _: str) -> Answered:
    names = asked.query.get("permissions", [""])[0].split(",")
    return Answered(200, {"permissions": {name: {"havePermission": True} for name in names}})


@route("GET", "/myself")
def _myself(jira: Jira, asked: Asked, _: str) -> Answered:
    return Answered(200, ACCOUNT)


@route("GET", "/user/(?:assignable/)?search")
def _people(jira: Jira, asked: Asked, _: str) -> Answered:
    query = asked.query.get("query", ["somebody"])[0]
    return Answered(200, [{**ACCOUNT, "accountId": f"of {query}", "emailAddress": query}])


@route("POST", "/search/jql")
def _search(jira: Jira, asked: Asked, _: str) -> Answered:
    return Answered(200, {"issues": [], "isLast": True})


@route("POST", "/changelog/bulkfetch")
def _changes(jira: Jira, asked: Asked, _: str) -> Answered:
    return Answered(200, {"issueChangeLogs": []})


@route("GET", "/project/search")
def _projects(jira: Jira, asked: Asked, _: str) -> Answered:
    project = {"id": "10001", "key": "PLAT", "name": "Platform"}
    return Answered(200, {"values": [project], "total": 1, "isLast": True})


@route("GET", "/project/{}")
def _project(jira: Jira, asked: Asked, project_id: str) -> Answered:
    return Answered(200, {"id": project_id, "key": "PLAT", "name": "Platform"})


@route("GET", "/serverInfo")
def _server(jira: Jira, asked: Asked, _: str) -> Answered:
    return Answered(200, {"versionNumbers": [1001, 0, 0], "deploymentType": "Cloud"})


@route("GET", "/field")
def _all_fields(jira: Jira, asked: Asked, _: str) -> Answered:
    return Answered(200, [{"id": name, "name": name, "custom": False} for name in FIELDS])


def _named(jira: Jira, draft: Any) -> dict[str, str]:
    issue = jira.memory.create(draft["fields"], draft.get("properties"))
    return {name: issue[name] for name in ("id", "key", "self")}


def _field(name: str) -> dict[str, Any]:
    return {
        "fieldId": name, "key": name, "name": name, "required": name == "summary",
        "hasDefaultValue": False, "operations": ["set"],
        "schema": {"type": FIELDS[name], "system": name},
    }  # fmt: skip


def _made(body: Any) -> list[str]:
    return [each["id"] for each in body.get("issues", [body]) if "id" in each]


def _in_bulk(asked: Asked) -> int:
    if not asked.path.endswith("/issue/bulk"):
        return 0
    return len(asked.body["issueUpdates"])
