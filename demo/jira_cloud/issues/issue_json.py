"""Issues, projects, people and statuses as Jira writes them in JSON."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from demo.jira_cloud.catalog.accounts import ACCOUNTS, Account
from demo.jira_cloud.catalog.screens import FIELDS
from demo.jira_cloud.catalog.sites import (
    CATEGORIES,
    PRIORITIES,
    PROJECTS,
    RESOLUTIONS,
    STATUSES,
    Project,
    Site,
    issue_types,
)
from demo.jira_cloud.issues.adf_rules import text_of
from demo.jira_cloud.state import permissions, records
from demo.jira_cloud.state.records import Issue
from demo.jira_cloud.state.world import World

_SIZES = {"16x16": 16, "24x24": 24, "32x32": 32, "48x48": 48}


def moment(timestamp: float | None, zone: str) -> str | None:
    """A date-time with milliseconds and an offset without colon, in the reader's zone.

    Source: jira-platform.md §6.
    """
    if timestamp is None:
        return None
    local = datetime.fromtimestamp(timestamp, UTC).astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"


class Writer:
    """Writes for one site and one reader."""

    def __init__(self, world: World, site: Site, reader: Account) -> None:
        self.world = world
        self.site = site
        self.reader = reader
        self.api = world.api_url(site)
        self.types = issue_types(site.slug)

    def issue(
        self, issue: Issue, fields: Iterable[str] | None, properties: Iterable[str] = ()
    ) -> dict[str, Any]:
        """An issue with the asked fields; None asks for all of them."""
        bean: dict[str, Any] = {
            "expand": "renderedFields,names,schema,operations,editmeta,changelog",
            "id": issue["id"],
            "self": f"{self.api}/issue/{issue['id']}",
            "key": issue["key"],
            "fields": self._asked(self.fields(issue), fields),
        }
        wanted = list(properties)
        if wanted:
            kept = issue["properties"]
            every = "*all" in wanted
            bean["properties"] = {k: v for k, v in kept.items() if every or k in wanted}
        return bean

    def fields(self, issue: Issue) -> dict[str, Any]:
        """Every field of the issue."""
        zone = self.reader.zone
        project = next(each for each in PROJECTS[self.site.slug] if each.key == issue["project"])
        written = {
            name: self._value(name, value)
            for name, value in (dict.fromkeys(_ALWAYS) | issue["fields"]).items()
        }
        return written | {
            "project": self.project(project),
            "issuetype": self.issue_type(issue["type"]),
            "status": self.status(issue["status"]),
            "resolution": self._resolution(issue["resolution"]),
            "resolutiondate": moment(issue["resolutiondate"], zone),
            "created": moment(issue["created"], zone),
            "updated": moment(issue["updated"], zone),
            "statuscategorychangedate": moment(issue["statuscategorychangedate"], zone),
            "creator": self.user(ACCOUNTS[issue["creator"]]),
        }

    def user(self, account: Account) -> dict[str, Any]:
        """A person. A hidden e-mail is left out, not null."""
        bean = {
            "self": f"{self.api}/user?accountId={account.id}",
            "accountId": account.id,
            "accountType": account.kind,
            "avatarUrls": self._avatars("person"),
            "displayName": account.name,
            "active": account.active,
            "timeZone": account.zone,
        }
        if account.email and (account.email_shown or account == self.reader):
            bean["emailAddress"] = account.email
        return bean

    def project(self, project: Project) -> dict[str, Any]:
        """A project as in lists and in issues."""
        return {
            "self": f"{self.api}/project/{project.id}",
            "id": project.id,
            "key": project.key,
            "name": project.name,
            "projectTypeKey": "software",
            "simplified": False,
            "style": "classic",
            "isPrivate": False,
            "avatarUrls": self._avatars("project"),
            **({"archived": True} if permissions.archived(self.world, project) else {}),
        }

    def issue_type(self, name: str) -> dict[str, Any]:
        """An issue type."""
        kind = self.types[name]
        return {
            "self": f"{self.api}/issuetype/{kind.id}",
            "id": kind.id,
            "name": kind.name,
            "description": f"{kind.name} of {self.site.name}",
            "iconUrl": f"{self.world.settings.base_url}/static/type.svg",
            "subtask": kind.subtask,
            "hierarchyLevel": kind.level,
        }

    def status(self, identity: str) -> dict[str, Any]:
        """A status with its category."""
        status = STATUSES[identity]
        return {
            "self": f"{self.api}/status/{status.id}",
            "description": "",
            "iconUrl": f"{self.world.settings.base_url}/static/status.svg",
            "id": status.id,
            "name": status.name,
            "statusCategory": self.category(status.category),
        }

    def category(self, key: str) -> dict[str, Any]:
        """A status category."""
        identity, name, color = CATEGORIES[key]
        return {
            "self": f"{self.api}/statuscategory/{identity}",
            "id": identity,
            "key": key,
            "colorName": color,
            "name": name,
        }

    def _avatars(self, kind: str) -> dict[str, str]:
        base = f"{self.world.settings.base_url}/static/{kind}.svg"
        return {name: f"{base}?size={size}" for name, size in _SIZES.items()}

    def _resolution(self, identity: str | None) -> dict[str, Any] | None:
        if identity is None:
            return None
        name = RESOLUTIONS[identity]
        return {"self": f"{self.api}/resolution/{identity}", "id": identity, "name": name}

    def _value(self, name: str, value: Any) -> Any:
        kind = FIELDS[name].kind
        if value is None or kind in ("line", "document", "date", "labels", "number"):
            return value
        if kind == "user":
            return self.user(ACCOUNTS[value])
        if kind == "parent":
            parent = self.world.table("issues").get(records.reference(self.site.slug, value))
            return None if parent is None else {"id": value, "key": parent["key"]}
        if name == "priority":
            place = f"{self.api}/priority/{value}"
            return {"self": place, "id": value, "name": PRIORITIES[value]}
        return {
            "self": f"{self.api}/customFieldOption/{value}",
            "value": FIELDS[name].allowed[value],
            "id": value,
        }

    def _asked(self, every: dict[str, Any], asked: Iterable[str] | None) -> dict[str, Any]:
        if asked is None:
            return every
        wanted = list(asked)
        minus = {name[1:] for name in wanted if name.startswith("-")}
        plus = {name for name in wanted if not name.startswith("-")}
        if not plus or plus & {"*all", "*navigable"}:
            return {name: value for name, value in every.items() if name not in minus}
        return {name: value for name, value in every.items() if name in plus - minus}


_ALWAYS = ("summary", "description", "assignee", "reporter", "duedate", "labels", "priority")


class EventWriter(Writer):
    """Writes webhook payloads: the v2 form, links to the site, nobody's e-mail.

    Source: jira-platform.md §5.3.
    """

    def __init__(self, world: World, site: Site, reader: Account) -> None:
        super().__init__(world, site, reader)
        self.api = f"{world.site_url(site)}/rest/api/2"

    def event_issue(self, issue: Issue) -> dict[str, Any]:
        """The issue; its `self` has no /issue/ in the path, as in real deliveries."""
        return {
            "id": issue["id"],
            "self": f"{self.api}/{issue['id']}",
            "key": issue["key"],
            "fields": self.fields(issue),
        }

    def user(self, account: Account) -> dict[str, Any]:
        """A person without e-mail."""
        return {k: v for k, v in super().user(account).items() if k != "emailAddress"}

    def _value(self, name: str, value: Any) -> Any:
        if value is not None and FIELDS[name].kind == "document":
            return text_of(value)
        return super()._value(name, value)
