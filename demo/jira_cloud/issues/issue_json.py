"""Issues, projects, people and statuses as Jira writes them in JSON."""

from collections.abc import Iterable
from typing import Any

from demo.jira_cloud.catalog.accounts import ACCOUNTS, Account
from demo.jira_cloud.catalog.fields import FIELDS, Field
from demo.jira_cloud.catalog.options import Option
from demo.jira_cloud.catalog.sites import PROJECTS, Project, Site, project_by_key, types_of
from demo.jira_cloud.catalog.workflows import CATEGORIES, RESOLUTIONS, Status
from demo.jira_cloud.issues import actions, field_json
from demo.jira_cloud.issues.adf_rules import text_of
from demo.jira_cloud.issues.moments import moment
from demo.jira_cloud.state import permissions, records
from demo.jira_cloud.state.records import Issue
from demo.jira_cloud.state.world import World

_SIZES = {"16x16": 16, "24x24": 24, "32x32": 32, "48x48": 48}


class Writer:
    """Writes for one site and one reader."""

    def __init__(self, world: World, site: Site, reader: Account) -> None:
        self.world = world
        self.site = site
        self.reader = reader
        self.api = world.api_url(site)

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
        project = project_by_key(self.site.slug, issue["project"])
        written = {
            name: self.value(project, FIELDS[name], value)
            for name, value in (dict.fromkeys(_ALWAYS) | issue["fields"]).items()
        }
        return written | {
            "project": self.project(project),
            "issuetype": self.issue_type(project, issue["type"]),
            "status": self.status(actions.status_of(self.world, issue)),
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
            "simplified": project.team_managed,
            "style": "next-gen" if project.team_managed else "classic",
            "isPrivate": False,
            "avatarUrls": self._avatars("project"),
            **({"archived": True} if permissions.archived(self.world, project) else {}),
        }

    def issue_type(self, project: Project, name: str) -> dict[str, Any]:
        """An issue type of a project."""
        kind = types_of(project)[name]
        return {
            "self": f"{self.api}/issuetype/{kind.id}",
            "id": kind.id,
            "name": kind.name,
            "description": f"{kind.name} of {self.site.name}",
            "iconUrl": f"{self.world.settings.base_url}/static/type.svg",
            "subtask": kind.subtask,
            "hierarchyLevel": kind.level,
        }

    def status(self, status: Status) -> dict[str, Any]:
        """A status with its category."""
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

    def value(self, project: Project, field: Field, value: Any) -> Any:
        """A field's value; what nobody filled is null."""
        return None if value is None else field_json.written(self, project, field, value)

    def option(self, field: Field, option: Option) -> dict[str, Any]:
        """An option as it is listed and as an issue holds it, without its children."""
        if field.schema["type"] == "project":
            asked = next(each for each in PROJECTS[self.site.slug] if each.id == option.id)
            return self.project(asked)
        return field_json.option(self.api, field, option)

    def linked(self, identity: str) -> dict[str, Any] | None:
        """The short form of another issue, such as a parent."""
        found = self.world.table("issues").get(records.reference(self.site.slug, identity))
        if found is None:
            return None
        short = ("summary", "status", "priority", "issuetype")
        every = {key: value for key, value in self.fields(found).items() if key in short}
        place = f"{self.api}/issue/{identity}"
        return {"id": identity, "key": found["key"], "self": place, "fields": every}

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
        """The issue; its `self` has no /issue/ in the path, as in real deliveries.

        Or it is the gateway's address, as it may be since 2026 (jira-platform.md §11.1).
        """
        place = f"{self.api}/{issue['id']}"
        if self.world.conditions.webhook_addresses == "gateway":
            place = f"{self.world.api_url(self.site)}/issue/{issue['id']}"
        return {
            "id": issue["id"],
            "self": place,
            "key": issue["key"],
            "fields": self.fields(issue),
        }

    def user(self, account: Account) -> dict[str, Any]:
        """A person without e-mail."""
        return {k: v for k, v in super().user(account).items() if k != "emailAddress"}

    def value(self, project: Project, field: Field, value: Any) -> Any:
        """A document is text."""
        if value is not None and field.check == "document":
            return text_of(value)
        return super().value(project, field, value)
