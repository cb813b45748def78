"""Projects, what may be created in them, and what the account may do there."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from app.jira import reading
from app.jira.calls import MAX_PAGES, Calls, endless, segment
from app.jira.errors import JiraRefused
from app.jira.types import ActiveSprint, AllowedValue, Field, IssueType, Project, ProjectPage

ProjectAction = Literal["view", "browse", "edit", "create"]

PROJECTS_PER_PAGE = 100
METADATA_PER_PAGE = 200


class ProjectCalls(Calls):
    def projects(
        self, query: str | None = None, action: ProjectAction | None = None
    ) -> list[Project]:
        """Every project that the account can see, all pages.

        `query` is a part of key or name; `action="create"` leaves only those where the account
        may create. None found is an empty list, also where Jira says so with a 404.
        """
        projects: list[Project] = []
        start_at = 0
        for _ in range(MAX_PAGES):
            page = self.projects_page(start_at=start_at, query=query, action=action)
            projects += page.projects
            if page.next_start is None:
                return projects
            start_at = page.next_start
        raise endless("projects")

    def projects_page(
        self,
        *,
        start_at: int = 0,
        query: str | None = None,
        action: ProjectAction | None = None,
        page_size: int = PROJECTS_PER_PAGE,
    ) -> ProjectPage:
        """One page of at most 100 projects, in the order of their keys (jira-platform.md §2.1).

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/#api-rest-api-3-project-search-get
        """
        params = {
            "startAt": start_at,
            "maxResults": page_size,
            "orderBy": "key",
            "query": query or None,
            "action": action,
        }
        try:
            body = self._request(
                "projects", "GET", "/project/search", reading.required_mapping, params=params
            )
        except JiraRefused as error:
            if error.status != 404:
                raise
            return ProjectPage((), 0, None)
        return _project_page(body, start_at)

    def project(self, project_id: str) -> Project:
        """One project, archived or not; lists leave archived ones out (jira-platform.md §2.1).

        Raises JiraRefused (404) where there is none, or none that the account can see.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/#api-rest-api-3-project-projectidorkey-get
        """
        path = f"/project/{segment(project_id)}"
        return self._request("project", "GET", path, _required_project)

    def issue_types(self, project_id: str) -> list[IssueType]:
        """Every issue type that the account may create in a project, all pages.

        Sub-tasks and epics are among them. Raises JiraRefused where it may create none. Source:
        jira-platform.md §2.2.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-createmeta-projectidorkey-issuetypes-get
        """
        path = f"/issue/createmeta/{segment(project_id)}/issuetypes"
        names = ("issueTypes", "createMetaIssueType", "values")
        values = self._pages("issue_types", path, names, METADATA_PER_PAGE)
        return [found for value in values if (found := _issue_type(value))]

    def fields(self, project_id: str, issue_type_id: str) -> list[Field]:
        """Every field of the create screen, all pages (jira-platform.md §2.3).

        A field that is not here must not be sent.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-createmeta-projectidorkey-issuetypes-issuetypeid-get
        """
        path = f"/issue/createmeta/{segment(project_id)}/issuetypes/{segment(issue_type_id)}"
        names = ("fields", "results", "values")
        values = self._pages("fields", path, names, METADATA_PER_PAGE)
        return [found for value in values if (found := _field(value))]

    def editable_fields(self, issue_id: str) -> list[Field]:
        """Every field of an issue that the account may edit now; empty where it may edit none.

        The issue's own screen: those of its project and type as they are, whatever the issue was
        created with. Raises JiraRefused (404) for an issue that is gone or out of sight. Source:
        jira-platform.md §2.6.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-editmeta-get
        """
        path = f"/issue/{segment(issue_id)}/editmeta"
        return self._request("editable_fields", "GET", path, _editable_fields)

    def active_sprints(self, project_id: str, field_id: str) -> list[ActiveSprint]:
        """The active sprints of a project that hold at least one issue, of 50 that were read.

        field_id: of the sprint field. Boards and sprints are listed only with more rights than ours
        (jira-platform.md §11.3), so the issues in them are asked.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/#api-rest-api-3-search-jql-post
        """
        jql = f"project = {int(project_id)} AND sprint in openSprints()"
        body = {"jql": jql, "maxResults": 50, "fields": [field_id]}
        return self._request(
            "active_sprints",
            "POST",
            "/search/jql",
            lambda answer: _sprints(answer, field_id),
            body=body,
            reads_only=True,
        )

    def permissions(
        self,
        names: Iterable[str],
        *,
        project_id: str | None = None,
        project_key: str | None = None,
    ) -> dict[str, bool]:
        """Which of `names` (such as CREATE_ISSUES) the account has, in a project or globally.

        True only where Jira affirms it; all False in a project that the account cannot see.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permissions/#api-rest-api-3-mypermissions-get
        """
        asked = list(names)
        params = {
            "permissions": ",".join(asked),
            "projectId": project_id,
            "projectKey": project_key,
        }
        try:
            affirmed = self._request(
                "permissions", "GET", "/mypermissions", _affirmed_permissions, params=params
            )
        except JiraRefused as error:
            if error.status != 404:
                raise
            affirmed = frozenset()
        return {name: name in affirmed for name in asked}


def _project_page(body: Mapping[str, Any], start_at: int) -> ProjectPage:
    values = reading.listing(body.get("values"))
    projects = tuple(found for value in values if (found := _project(value)))
    total = reading.number(body.get("total"))
    next_start = start_at + len(values)
    is_last = body.get("isLast")
    if not isinstance(is_last, bool):
        is_last = total is None or next_start >= total
    return ProjectPage(projects, total, None if is_last or not values else next_start)


def _project(value: Any) -> Project | None:
    project = reading.mapping(value)
    found, key = reading.identifier(project.get("id")), reading.text(project.get("key"))
    if found is None or not key:
        return None
    return Project(
        id=found,
        key=key,
        name=reading.text(project.get("name")) or key,
        archived=project.get("archived") is True,
    )


def _required_project(body: Any) -> Project:
    found = _project(body)
    if found is None:
        raise reading.Unreadable("not a project")
    return found


def _issue_type(value: Any) -> IssueType | None:
    issue_type = reading.mapping(value)
    found = reading.identifier(issue_type.get("id"))
    if found is None:
        return None
    return IssueType(
        id=found,
        name=reading.text(issue_type.get("name")) or found,
        description=reading.text(issue_type.get("description")),
        subtask=issue_type.get("subtask") is True,
        hierarchy_level=reading.number(issue_type.get("hierarchyLevel")) or 0,
    )


def _editable_fields(body: Any) -> list[Field]:
    """The id is the key of the map; a field of `editmeta` says none itself."""
    fields = reading.required_mapping(reading.required_mapping(body).get("fields"))
    return [
        found
        for field_id, value in fields.items()
        if (found := _field({**reading.mapping(value), "fieldId": field_id}))
    ]


def _field(value: Any) -> Field | None:
    field = reading.mapping(value)
    found = reading.text(field.get("fieldId")) or reading.text(field.get("key"))
    if not found:
        return None
    schema = reading.mapping(field.get("schema"))
    return Field(
        id=found,
        name=reading.text(field.get("name")) or found,
        required=field.get("required") is True,
        has_default=field.get("hasDefaultValue") is True,
        schema_type=reading.text(schema.get("type")),
        schema_items=reading.text(schema.get("items")),
        schema_system=reading.text(schema.get("system")) or None,
        schema_custom=reading.text(schema.get("custom")) or None,
        operations=reading.texts(field.get("operations")),
        allowed_values=tuple(map(_allowed_value, reading.listing(field.get("allowedValues")))),
    )


def _allowed_value(value: Any) -> AllowedValue:
    allowed = reading.mapping(value)
    name = reading.text(allowed.get("name")) or reading.text(allowed.get("value"))
    return AllowedValue(
        id=reading.identifier(allowed.get("id")),
        name=name or reading.text(value),
        children=tuple(map(_allowed_value, reading.listing(allowed.get("children")))),
        archived=allowed.get("archived") is True,
    )


def _sprints(body: Any, field_id: str) -> list[ActiveSprint]:
    found: dict[int, ActiveSprint] = {}
    for issue in reading.required_list(reading.required_mapping(body).get("issues")):
        fields = reading.mapping(reading.mapping(issue).get("fields"))
        for value in reading.listing(fields.get(field_id)):
            sprint = reading.mapping(value)
            number = reading.number(sprint.get("id"))
            if number is not None and sprint.get("state") == "active":
                name, board = (
                    reading.text(sprint.get("name")),
                    reading.number(sprint.get("boardId")),
                )
                found[number] = ActiveSprint(number, name, board)
    return [found[number] for number in sorted(found)]


def _affirmed_permissions(body: Any) -> frozenset[str]:
    permissions = reading.required_mapping(reading.required_mapping(body).get("permissions"))
    return frozenset(
        name
        for name, permission in permissions.items()
        if reading.mapping(permission).get("havePermission") is True
    )
