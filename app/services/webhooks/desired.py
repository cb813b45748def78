"""What a connection's webhook should be like."""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import func, select

from app.extensions import db
from app.models import ActionItem, IssueLink, JiraConnection, JiraProject
from app.services.fields.table import READ_BACK
from app.services.webhooks.webhook_tests import PROPERTY_KEY

PATH = "/webhooks/jira"
EVENTS = ("jira:issue_updated", "jira:issue_deleted", "issue_property_set")
# What is compared when an issue is read again. A move changes the project, and with it the key.
FIELD_IDS = (
    "status", "resolution", *(field.id for field in READ_BACK), "project", "issuetype",
)  # fmt: skip
PROPERTY_KEYS = (PROPERTY_KEY,)


@dataclass(frozen=True)
class DesiredWebhook:
    """One webhook: where Jira calls, and for which projects. The keys are sorted."""

    url: str
    project_keys: tuple[str, ...]

    @property
    def jql(self) -> str:
        """The filter. Keys are quoted: one may be a word of JQL, such as OR."""
        return f"project IN ({', '.join(_quoted(key) for key in self.project_keys)})"


@dataclass(frozen=True)
class ProjectKeys:
    """The projects that matter; `unlisted` ones are none that the account was seen to see.

    Jira refuses a filter that names a project out of its sight, so these stay out.
    """

    listed: tuple[str, ...]
    unlisted: tuple[str, ...] = ()


def address() -> str:
    """Where Jira calls: one address for the whole installation, or Jira refuses it."""
    return f"{current_app.config['PUBLIC_URL']}{PATH}"


def is_wanted(connection: JiraConnection) -> bool:
    """Whether the organization switched webhooks on."""
    settings = connection.organization.settings
    return settings is not None and settings.webhooks_enabled


def webhook_of(connection: JiraConnection) -> DesiredWebhook | None:
    """The webhook that should be there; None when there should be none, or nothing to hear of."""
    keys = project_keys_of(connection).listed
    return DesiredWebhook(address(), keys) if keys and is_wanted(connection) else None


def project_keys_of(connection: JiraConnection) -> ProjectKeys:
    """Every mapped project of the connected site, and every one with an active link there."""
    wanted = _mapped(connection) | _linked(connection)
    if connection.projects_fetched_at is None:
        return ProjectKeys(tuple(sorted(wanted)))
    seen = set(
        db.session.scalars(
            select(JiraProject.key).where(JiraProject.connection_id == connection.id)
        )
    )
    return ProjectKeys(tuple(sorted(wanted & seen)), tuple(sorted(wanted - seen)))


def _mapped(connection: JiraConnection) -> set[str]:
    settings = connection.organization.settings
    overrides = settings is not None and settings.per_team_overrides
    return {row.project_key for row in connection.mappings if overrides or row.team_id is None}


def _linked(connection: JiraConnection) -> set[str]:
    # "PLAT-142" without its digits; a project's own, as in "A1-7", stand before the dash.
    stem = func.rtrim(IssueLink.issue_key, "0123456789")
    found = db.session.scalars(
        select(stem)
        .join(IssueLink.action_item)
        .where(
            IssueLink.connection_id == connection.id,
            IssueLink.cloud_id == connection.cloud_id,
            IssueLink.active,
            IssueLink.issue_key.is_not(None),
            ActionItem.deleted_at.is_(None),
        )
        .distinct()
    )
    return {words.removesuffix("-") for words in found}


def _quoted(key: str) -> str:
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
