"""Issues as they are kept: finding, storing, and telling the index and the webhooks."""

import copy
from dataclasses import dataclass
from typing import Any

from demo.jira_cloud.answers.refusals import JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.accounts import Account
from demo.jira_cloud.catalog.fields import SECURITY, known_options
from demo.jira_cloud.catalog.sites import Project, Site
from demo.jira_cloud.state import offered, search_index
from demo.jira_cloud.state.permissions import BROWSE, allowed, fields, projects
from demo.jira_cloud.state.world import World

Issue = dict[str, Any]
Change = dict[str, Any]

FIRST_ISSUE = 10001
FIRST_HISTORY = 20001


@dataclass(frozen=True)
class Desk:
    """Where and as whom something is done."""

    world: World
    site: Site
    account: Account


def reference(site: str, identity: str) -> str:
    """Issue ids are unique on one site only."""
    return f"{site}:{identity}"


def project_of(world: World, site: Site, issue: Issue) -> Project | None:
    """The issue's project, if it still exists."""
    return next((each for each in projects(world, site) if each.key == issue["project"]), None)


def find(world: World, site: Site, asked: str) -> Issue | None:
    """The issue by id, key or a key that it had before a move."""
    issues = world.table("issues")
    direct = issues.get(reference(site.slug, asked))
    if direct is not None:
        return direct
    entry = world.table("keys").get(f"{site.slug}:{asked.upper()}")
    return None if entry is None else issues.get(reference(site.slug, entry["id"]))


def visible(world: World, site: Site, account: Account, asked: str) -> Issue | None:
    """The issue if it exists and the account may see it."""
    issue = find(world, site, asked)
    if issue is None:
        return None
    project = project_of(world, site, issue)
    return issue if project and is_seen(world, account, project, issue) else None


def is_seen(world: World, account: Account, project: Project, issue: Issue) -> bool:
    """Whether the account may see the project, and its security level lets it see the issue."""
    level = issue["fields"].get(SECURITY.id)
    admitted = level is None or any(
        offered.admits(each, account)
        for each in known_options(SECURITY, project)
        if each.id == level
    )
    return admitted and allowed(world, account, BROWSE, project)


def require(world: World, site: Site, account: Account, asked: str) -> tuple[Issue, Project]:
    """The issue and its project, or Jira's 404, which tells nothing about which of both it is."""
    issue = visible(world, site, account, asked)
    project = None if issue is None else project_of(world, site, issue)
    if issue is None or project is None:
        raise JiraRefusal(404, text("no_issue"))
    return issue, project


def new_key(world: World, project: Project) -> str:
    """The next key of the project; numbers are not given twice."""
    return f"{project.key}-{world.next_number(f'key:{project.site}:{project.key}', 1)}"


def keep(world: World, issue: Issue) -> None:
    """Store the issue and let the index learn of it."""
    place = reference(issue["site"], issue["id"])
    world.table("issues")[place] = issue
    keys = world.table("keys")
    for key in [issue["key"], *issue["old_keys"]]:
        entry = f"{issue['site']}:{key}"
        if keys.get(entry) != {"id": issue["id"]}:
            keys[entry] = {"id": issue["id"]}
    search_index.learn(world, place, issue)


def drop(world: World, issue: Issue) -> None:
    """Delete the issue."""
    place = reference(issue["site"], issue["id"])
    del world.table("issues")[place]
    world.table("changelogs").pop(place, None)
    for key in [issue["key"], *issue["old_keys"]]:
        world.table("keys").pop(f"{issue['site']}:{key}", None)
    search_index.learn(world, place, None)


def editable_fields(world: World, site: Site, issue: Issue) -> set[str]:
    """The ids of the fields on the issue's screen now."""
    project = project_of(world, site, issue)
    return set() if project is None else set(fields(world, project, issue["type"]))


def note(world: World, issue: Issue, actor: str, changes: list[Change]) -> None:
    """Add to the issue's changelog."""
    table, place = world.table("changelogs"), reference(issue["site"], issue["id"])
    history = {
        "id": str(world.next_number("history", FIRST_HISTORY)),
        "at": world.now().timestamp(),
        "author": actor,
        "items": list(changes),
    }
    table[place] = {"histories": [*histories(world, issue), history]}


def histories(world: World, issue: Issue) -> list[dict[str, Any]]:
    """The issue's changelog, oldest first."""
    place = reference(issue["site"], issue["id"])
    found: list[dict[str, Any]] = world.table("changelogs").get(place, {"histories": []})[
        "histories"
    ]
    return found


def announce(
    world: World,
    kind: str,
    issue: Issue,
    actor: str,
    changes: list[Change] | None = None,
    **more: Any,
) -> None:
    """Tell whoever listens what happened; they get a copy of the issue as it is now."""
    event = {
        "kind": kind,
        "at": world.now().timestamp(),
        "issue": copy.deepcopy(issue),
        "actor": actor,
        "changes": list(changes or []),
        **more,
    }
    for listener in world.events:
        listener(event)
