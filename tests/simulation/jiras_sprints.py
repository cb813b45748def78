"""What people in Jira do with the sprints of the project that has every kind of field."""

import random
from typing import Any

from tests.simulation.acts_on_choices import EVERY_KIND
from tests.simulation.auditor.memory import SPRINT
from tests.simulation.world import World


def start(world: World, dice: random.Random) -> None:
    """Start a sprint with an issue in it, which is how others find it; the one before ends."""
    end(world, dice)
    control = world.cloud.control
    control.add_field("sprint", EVERY_KIND, type="Task")
    number = int(control.create_sprint(EVERY_KIND, f"Sprint at {world.scheduler.now:.0f}")["id"])
    fields: dict[str, Any] = {SPRINT: number}
    try:
        control.create_issue(EVERY_KIND, f"In sprint {number}", **fields)
    except ValueError as error:  # as a person would see it: Jira says no
        world.tell("jira's people", f"could not fill sprint {number}: {error}"[:100])
        return
    world.auditor.sprint_began(number)
    world.tell("jira's people", f"start sprint {number}")


def end(world: World, dice: random.Random) -> None:
    """End the sprint that is active, if one is."""
    for number in world.auditor.active_sprints():
        world.cloud.control.bring_sprint(number, "closed")
        world.auditor.sprint_ended(number)
        world.tell("jira's people", f"end sprint {number}")


def refuse(world: World, dice: random.Random) -> None:
    """Refuse the sprint where an issue is created, or wherever it stands."""
    if dice.random() < 0.5:
        world.cloud.control.refuse_field("sprint", EVERY_KIND, when="create")
    else:
        world.cloud.control.refuse_field("sprint", EVERY_KIND)
    world.auditor.sprints_refused()
    world.tell("jira's admins", "refuse sprints")


def plan(world: World, issue: dict[str, Any], number: int, dice: random.Random) -> str:
    """Put an issue into a sprint to come."""
    if issue["project"] != EVERY_KIND:
        return "nothing: it is in no sprint's project"
    control = world.cloud.control
    sprint = control.create_sprint(EVERY_KIND, f"Later, by {number}", state="future")["id"]
    control.edit_issue(issue["key"], **{SPRINT: sprint})
    return f"into sprint {sprint}"
