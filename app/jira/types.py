"""What Jira answers, in our own words. Identifiers are strings, times are aware UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.jira.errors import JiraError


@dataclass(frozen=True)
class Project:
    id: str
    key: str
    name: str
    archived: bool = False


@dataclass(frozen=True)
class ProjectPage:
    """One page. `next_start` is where the next one begins, None after the last."""

    projects: tuple[Project, ...]
    total: int | None
    next_start: int | None


@dataclass(frozen=True)
class IssueType:
    """`hierarchy_level` is 0 for a task, above it for an epic, below it for a sub-task."""

    id: str
    name: str
    description: str = ""
    subtask: bool = False
    hierarchy_level: int = 0


@dataclass(frozen=True)
class AllowedValue:
    """One of a list, with those below it. `archived`: a version that nobody may choose any more."""

    id: str | None
    name: str
    children: tuple["AllowedValue", ...] = ()
    archived: bool = False


@dataclass(frozen=True)
class Field:
    """A field of a create screen. `schema_system` or `schema_custom` says which kind it is."""

    id: str
    name: str
    required: bool
    has_default: bool
    schema_type: str = ""
    schema_items: str = ""
    schema_system: str | None = None
    schema_custom: str | None = None
    operations: tuple[str, ...] = ()
    allowed_values: tuple[AllowedValue, ...] = ()


@dataclass(frozen=True)
class ActiveSprint:
    """A sprint that is going on, with the board that it was made on."""

    id: int
    name: str
    board_id: int | None = None


@dataclass(frozen=True)
class IssueDraft:
    """An issue to create: Jira's `fields` by field id, and issue properties by key."""

    fields: Mapping[str, Any]
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CreatedIssue:
    id: str
    key: str


@dataclass(frozen=True)
class BulkOutcome:
    """What became of several drafts.

    Jira does not promise that `created` is in the order of the drafts: read a property back to
    tell which is which. `errors` is keyed by the draft's position, from 0. A draft that is in
    neither has an unknown outcome.
    """

    created: list[CreatedIssue]
    errors: dict[int, JiraError]


@dataclass(frozen=True)
class Issue:
    """An issue as read. What was not asked for is None and absent from `fields`.

    `status_category` is `new`, `indeterminate`, `done` or `undefined`: decide by it, because
    status names are edited and translated.
    """

    id: str
    key: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    summary: str | None = None
    status_category: str | None = None
    status_name: str | None = None
    resolution: str | None = None
    project_id: str | None = None
    project_key: str | None = None
    issue_type_id: str | None = None
    assignee_id: str | None = None
    due_date: date | None = None
    created: datetime | None = None
    updated: datetime | None = None
    status_changed: datetime | None = None


@dataclass(frozen=True)
class Change:
    """One entry of an issue's changelog: somebody changed `field_ids` at a time, if Jira tells."""

    issue_id: str
    at: datetime | None
    account_id: str | None
    name: str
    field_ids: frozenset[str]


class FetchedIssues(list[Issue]):
    """Issues as read, and `unreadable`: those that Jira named but could not return just now.

    An issue in neither is gone or cannot be seen; one that is unreadable is still there.
    """

    def __init__(self) -> None:
        super().__init__()
        self.unreadable: set[str] = set()


@dataclass(frozen=True)
class Person:
    """Somebody on the site. `email` is None where the person's settings hide it."""

    account_id: str
    display_name: str
    email: str | None
    active: bool
    account_type: str


@dataclass(frozen=True)
class Account:
    """Whom the access token stands for. `time_zone` is an IANA name."""

    account_id: str
    display_name: str
    email: str | None
    active: bool = True
    time_zone: str | None = None
    locale: str | None = None


@dataclass(frozen=True)
class Status:
    """`category` as of an issue; None where Jira leaves it out."""

    id: str
    name: str
    category: str | None


@dataclass(frozen=True)
class TransitionField:
    """A field on the screen of a transition. `default_id`: the option that is chosen by itself."""

    id: str
    name: str
    required: bool
    has_default: bool = False
    default_id: str | None = None
    allowed_values: tuple[AllowedValue, ...] = ()


@dataclass(frozen=True)
class Transition:
    """A way to the status that is named, and the fields of its screen."""

    id: str
    name: str
    status_name: str | None
    status_category: str | None
    status_id: str | None = None
    fields: tuple[TransitionField, ...] = ()


@dataclass(frozen=True)
class Site:
    cloud_id: str
    name: str
    url: str
    scopes: frozenset[str]
    avatar_url: str | None = None


@dataclass(frozen=True)
class Grant:
    """A pair of tokens. `expires_in`: seconds that the access token lives from now on.

    Its repr leaves the tokens out, so that a log or a traceback cannot show them.
    """

    access_token: str
    refresh_token: str | None
    expires_in: int
    scopes: frozenset[str]

    def __repr__(self) -> str:
        return f"Grant(expires_in={self.expires_in}, scopes={sorted(self.scopes)})"


@dataclass(frozen=True)
class Webhook:
    id: int
    url: str | None
    events: tuple[str, ...]
    jql: str
    field_ids: tuple[str, ...]
    expires_at: datetime | None


@dataclass(frozen=True)
class WebhookRegistration:
    """Either `id` of the new webhook or the `errors` for which Jira refused it."""

    id: int | None
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Call:
    """One request to Atlassian. `path` has no query, because that may hold an e-mail address.

    `near_limit`: less than a fifth of the rate limit is left. `answered_at`: when it was answered,
    by Jira's clock and in whole seconds; None: nothing was, or the answer does not say.
    """

    operation: str
    method: str
    path: str
    status: int | None
    duration_ms: int
    trace_id: str | None
    near_limit: bool
    started_at: datetime
    answered_at: datetime | None = None
