"""What people and administrators do in Jira."""

import random
from collections.abc import Callable
from typing import Any

from tests.simulation import jiras_screens, jiras_sprints
from tests.simulation.auditor.memory import PROPERTY
from tests.simulation.somebody import AGAIN
from tests.simulation.world import World

ACTORS = ("owner@acme.test", "member1@acme.test")
STATUSES = ("To Do", "In Progress", "Done", "Won't do")


def act(world: World, number: int, kind: str) -> None:
    """Do `kind` now, as one step."""
    dice = world.dice(f"event {number}")
    if kind in ADMINISTRATION:
        ADMINISTRATION[kind](world, dice)
        return
    if kind == "write":
        write(world, number, dice)
        return
    issues = world.cloud.control.issues()
    if not issues:
        return
    latest = [e for e in issues if _item(e) == world.touched]
    issue = latest[-1] if latest and dice.random() < AGAIN else dice.choice(issues)
    world.touched = _item(issue)
    try:
        told = ACTS[kind](world, issue, number, dice)
    except ValueError as error:  # as a person would see it: Jira says no
        told = f"could not: {error}"[:100]
    world.tell("jira's people", f"{kind} {issue['key']}: {told}")


def write(world: World, number: int, dice: random.Random, project: str = "") -> str:
    """Somebody writes an issue there, of which nobody here knows; its key, if it could be."""
    more: dict[str, Any] = {"description": _document(f"Written in Jira {number}")}
    if dice.random() < 0.5:
        more["duedate"] = f"2027-02-{dice.randrange(1, 28):02d}"
    words, actor = f"Jira's own {number}", dice.choice(ACTORS)
    project = project or dice.choice(["PLAT", "PLAT", "API"])
    try:
        issue = world.cloud.control.create_issue(project, words, actor=actor, **more)
    except ValueError as error:  # as a person would see it: Jira says no
        world.tell("jira's people", f"could not write in {project}: {error}"[:100])
        return ""
    world.tell("jira's people", f"write {issue['key']}")
    return str(issue["key"])


def there_and_back(world: World, key: str, *, done: bool) -> None:
    """Somebody moves an issue to Done and away from it again; not done: the other way round."""
    ways = ("Done", "In Progress") if done else ("In Progress", "Done")
    try:
        for status in ways:
            world.cloud.control.transition_issue(key, status, actor=ACTORS[0])
    except ValueError as error:  # as a person would see it: Jira says no
        world.tell("jira's people", f"could not move {key}: {error}"[:100])
    else:
        world.tell("jira's people", f"move {key} to {' and '.join(ways)}")


def _item(issue: dict[str, Any]) -> str:
    return str(issue["properties"].get(PROPERTY, {}).get("id"))


def _edit(world: World, issue: dict[str, Any], number: int, dice: random.Random) -> str:
    name = dice.choice(["summary", "description", "description", "duedate", "assignee"])
    values: dict[str, Any] = {
        "summary": f"Jira's title {number}",
        "description": _document(f"Jira's words {number}"),
        "duedate": f"2027-01-{dice.randrange(1, 28):02d}",
        "assignee": None,
    }
    control, actor = world.cloud.control, dice.choice(ACTORS)
    control.edit_issue(issue["key"], actor=actor, **{name: values[name]})
    return name


def _transition(world: World, issue: dict[str, Any], number: int, dice: random.Random) -> str:
    status = dice.choice(STATUSES)
    world.cloud.control.transition_issue(issue["key"], status, actor=dice.choice(ACTORS))
    return status


def _move(world: World, issue: dict[str, Any], number: int, dice: random.Random) -> str:
    project = dice.choice(["API", "WEB", "PLAT"])
    if project != issue["project"]:
        world.cloud.control.move_issue(issue["key"], project, actor=dice.choice(ACTORS))
    return project


def _delete(world: World, issue: dict[str, Any], number: int, dice: random.Random) -> str:
    world.cloud.control.delete_issue(issue["key"], actor=dice.choice(ACTORS))
    return "gone"


def _document(text: str) -> dict[str, Any]:
    words = {"type": "text", "text": text}
    return {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [words]}],
    }


def _deny(world: World, dice: random.Random) -> None:
    permission = dice.choice(["CREATE_ISSUES", "EDIT_ISSUES", "BROWSE_PROJECTS", "ASSIGN_ISSUES"])
    world.cloud.control.deny(permission, project="PLAT")
    world.tell("jira's admins", f"take {permission} away in PLAT")


def _screen(world: World, dice: random.Random) -> None:
    field = dice.choice(["duedate", "assignee", "description"])
    world.cloud.control.remove_field(field, project="PLAT")
    world.auditor.off_screen(field)
    world.tell("jira's admins", f"take {field} off the screen of PLAT")


def _archive(world: World, dice: random.Random) -> None:
    world.cloud.control.remove_project("PLAT")
    world.tell("jira's admins", "archive PLAT")


def _forget_webhooks(world: World, dice: random.Random) -> None:
    world.cloud.control.delete_webhooks()
    world.tell("jira", "loses every webhook")


ACTS: dict[str, Callable[[World, dict[str, Any], int, random.Random], str]] = {
    "change": _edit,
    "transition": _transition,
    "move": _move,
    "erase": _delete,
    "into a sprint": jiras_sprints.plan,
}
ADMINISTRATION: dict[str, Callable[[World, random.Random], None]] = {
    "deny": _deny,
    "screen": _screen,
    "archive": _archive,
    "option": jiras_screens.delete_option,
    "value field": jiras_screens.take_field,
    "validator": jiras_screens.forbid,
    "demand": jiras_screens.demand,
    "workflow": jiras_screens.use_workflow,
    "resolution": jiras_screens.ask_for_resolution,
    "send back": jiras_screens.send_back,
    "sprint starts": jiras_sprints.start,
    "sprint ends": jiras_sprints.end,
    "sprint refused": jiras_sprints.refuse,
    "forget webhooks": _forget_webhooks,
}
