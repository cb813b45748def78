"""Projects and issue types as our rows know them: what can be chosen, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import case, func, or_, select

from app.extensions import db
from app.models import JiraConnection, JiraIssueType, JiraProject
from app.services.mapping.checks import (
    Finding,
    FindingCode,
    ScreenField,
    SeenType,
    blocking_finding,
)
from app.services.mapping.wording import sentence_of
from app.services.settings.drafts import Choice


@dataclass(frozen=True)
class ProjectOption:
    """`types_known`: its issue types were read; `types_coming`: somebody waits for them."""

    id: str
    key: str
    name: str
    may_create: bool
    types_known: bool = False
    types_coming: bool = False

    @property
    def label(self) -> str:
        return f"{self.key} · {self.name}"


@dataclass(frozen=True)
class StatusOption:
    """A status of issues of a type. `category` is Jira's."""

    id: str
    name: str
    category: str


@dataclass(frozen=True)
class TypeOption:
    """An issue type, with what is known of it beside its name. statuses: None while unread."""

    id: str
    name: str
    seen: SeenType | None = None
    statuses: Sequence[StatusOption] | None = None

    @cached_property
    def finding(self) -> Finding | None:
        """Why no action item can be of this type."""
        return blocking_finding(self.seen) if self.seen else None


@dataclass(frozen=True)
class Chosen:
    """A project and a type of it that can be saved."""

    project: ProjectOption
    issue_type: TypeOption


@dataclass(frozen=True)
class Problem:
    """Why a choice cannot be saved. `part` is `project` or `type`."""

    part: str
    sentence: str


# What a slot of the form comes to; None: nothing is chosen for it.
Judged = Chosen | Problem | None


@dataclass(frozen=True)
class FoundProjects:
    """Some projects of `matching` that match, of `total` there are."""

    projects: Sequence[ProjectOption]
    matching: int
    total: int


class Choices:
    """What can be chosen on a connection's site. Reads our rows, never Jira."""

    def __init__(self, connection: JiraConnection) -> None:
        self._connection_id = connection.id
        self.loaded = connection.projects_fetched_at is not None
        self._account_name = connection.account_name
        self._types: dict[str, list[TypeOption]] = {}

    @cached_property
    def projects(self) -> dict[str, ProjectOption]:
        """Every project that the account sees, by id, in the order of their names."""
        rows = db.session.scalars(
            select(JiraProject)
            .where(JiraProject.connection_id == self._connection_id)
            .order_by(func.lower(JiraProject.name), JiraProject.id)
        )
        return {row.project_id: _project_option(row) for row in rows}

    def types(self, project_id: str) -> list[TypeOption]:
        """The issue types of a project, as far as they are known; those that can be used first."""
        return sorted(self._known_types(project_id), key=lambda option: bool(option.finding))

    def _known_types(self, project_id: str) -> list[TypeOption]:
        if project_id not in self._types:
            rows = db.session.scalars(
                select(JiraIssueType)
                .where(
                    JiraIssueType.connection_id == self._connection_id,
                    JiraIssueType.project_id == project_id,
                    JiraIssueType.name != "",
                )
                .order_by(JiraIssueType.id)
            )
            self._types[project_id] = [
                TypeOption(row.issue_type_id, row.name, _seen(row), _statuses(row)) for row in rows
            ]
        return self._types[project_id]

    def type(self, choice: Choice) -> TypeOption | None:
        """The chosen issue type, if its project has it."""
        options = self._known_types(choice.project_id)
        return next((one for one in options if one.id == choice.issue_type_id), None)

    def judge(self, choice: Choice) -> Chosen | Problem:
        """The project and type of a choice, or why they cannot be saved."""
        project = self.projects.get(choice.project_id)
        if project is None:
            gone = "This project is no longer in Jira. Choose another project."
            early = "Jira has not told us its projects yet. Wait a moment."
            return Problem("project", gone if self.loaded else early)
        if not project.may_create:
            return Problem("project", self._sentence(Finding(FindingCode.MAY_NOT_CREATE), project))
        return self._judge_type(project, choice)

    def _judge_type(self, project: ProjectOption, choice: Choice) -> Chosen | Problem:
        issue_type = self.type(choice)
        if issue_type is not None:
            if issue_type.finding is None:
                return Chosen(project, issue_type)
            words = self._sentence(issue_type.finding, project, issue_type.name)
            return Problem("type", words)
        if not self._known_types(project.id) and not project.types_known:
            return Problem(
                "type", f"Jira has not told us the issue types of {project.key} yet. Wait a moment."
            )
        if not choice.issue_type_id:
            return Problem("type", f"Choose an issue type of {project.key}.")
        return Problem("type", f"{project.key} does not have this issue type. Choose another.")

    def _sentence(self, finding: Finding, project: ProjectOption, issue_type: str = "") -> str:
        return sentence_of(finding, project.key, issue_type, self._account_name)


def key_of(connection_id: int, project_id: str) -> str:
    """The key of a project that the account sees; empty for another."""
    found = select(JiraProject.key).where(
        JiraProject.connection_id == connection_id, JiraProject.project_id == project_id
    )
    return db.session.scalar(found) or ""


def judge(connection: JiraConnection, choices: Mapping[int, Choice]) -> dict[int, Judged]:
    """What each choice comes to on the connection's site, by slot."""
    known = Choices(connection)
    return {
        slot: known.judge(choice) if choice.project_id else None for slot, choice in choices.items()
    }


def search(connection: JiraConnection, query: str, limit: int = 20) -> FoundProjects:
    """Projects whose key or name holds `query`, those that begin with it first."""
    own = JiraProject.connection_id == connection.id
    wanted = query.strip()[:100]
    hit = or_(
        JiraProject.name.icontains(wanted, autoescape=True),
        JiraProject.key.icontains(wanted, autoescape=True),
    )
    begins = or_(
        JiraProject.name.istartswith(wanted, autoescape=True),
        JiraProject.key.istartswith(wanted, autoescape=True),
    )
    rows = db.session.scalars(
        select(JiraProject)
        .where(own, hit)
        .order_by(case((begins, 0), else_=1), func.lower(JiraProject.name), JiraProject.id)
        .limit(limit)
    )
    count = select(func.count()).select_from(JiraProject)
    return FoundProjects(
        projects=[_project_option(row) for row in rows],
        matching=db.session.scalar(count.where(own, hit)) or 0,
        total=db.session.scalar(count.where(own)) or 0,
    )


def _project_option(row: JiraProject) -> ProjectOption:
    return ProjectOption(
        id=row.project_id,
        key=row.key,
        name=row.name,
        may_create=row.may_create,
        types_known=row.types_fetched_at is not None,
        types_coming=row.types_wanted_at is not None,
    )


def _statuses(row: JiraIssueType) -> tuple[StatusOption, ...] | None:
    if row.statuses is None:
        return None
    return tuple(StatusOption(each["id"], each["name"], each["category"]) for each in row.statuses)


def _seen(row: JiraIssueType) -> SeenType:
    fields = None
    if row.fields is not None:
        fields = [
            ScreenField(
                field["id"],
                field["name"],
                field["required"],
                field["has_default"],
                supported=field.get("supported", False),
            )
            for field in row.fields
        ]
    return SeenType(row.subtask, row.hierarchy_level, fields)
