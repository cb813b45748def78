"""Sprints of a site's boards: only those that are active or to come take issues.

Source: jira-platform.md §11.9.
"""

from typing import Any

from demo.jira_cloud.catalog.sites import Project
from demo.jira_cloud.state.world import World

Sprint = dict[str, Any]

FIRST_SPRINT = 4380
STATES = ("future", "active", "closed")


def create(world: World, project: Project, name: str, state: str, board: int) -> Sprint:
    """A new sprint on a board of the project."""
    number = world.next_number("sprint", FIRST_SPRINT)
    sprint = {
        "id": number,
        "site": project.site,
        "project": project.key,
        "name": name,
        "state": state,
        "board": board,
        "starts": world.now().timestamp(),
    }
    world.table("sprints")[str(number)] = sprint
    return sprint


def find(world: World, site: str, number: int) -> Sprint | None:
    """The sprint, if the site has it."""
    sprint = world.table("sprints").get(str(number))
    return sprint if sprint and sprint["site"] == site else None


def bring_into(world: World, sprint: Sprint, state: str) -> Sprint:
    """Start or close the sprint."""
    changed = sprint | {"state": state}
    world.table("sprints")[str(sprint["id"])] = changed
    return changed
