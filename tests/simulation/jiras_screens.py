"""What administrators in Jira do to screens, options, validators and workflows."""

import random

from tests.simulation.world import World

# The fields that admins here give values to (acts_on_choices.py), by the project's key.
OF_ANY = ("labels", "priority")
OF_EVERY_KIND = (*OF_ANY, "customfield_10101", "customfield_10103", "customfield_10107")
OPTIONS = (("select", "10200"), ("multiselect", "10220"), ("multiselect", "10222"))
# What a screen suggests as the resolution, by the workflow whose screens ask for one, or do not.
RESOLUTIONS = {
    "usual": None, "resolution": None, "resolution_default": "10000", "resolution_optional": None,
    "resolution_hidden": None, "resolution_unlike": None,
}  # fmt: skip
UNLIKE = "resolution_unlike"  # its status is called as no resolution is
WORKFLOWS = ("demanding", "resolution", "two_screens", "stepwise", "no_done", "two_ways")


def delete_option(world: World, dice: random.Random) -> None:
    """Delete what may be chosen in a field."""
    field, option = dice.choice(OPTIONS)
    world.cloud.control.remove_option(field, option, "KIND")
    world.tell("jira's admins", f"delete option {option} of {field}")


def take_field(world: World, dice: random.Random) -> None:
    """Take a field off a screen, or refuse whatever stands in it."""
    project, field = _field(dice)
    if dice.random() < 0.5:
        world.cloud.control.remove_field(field, project=project, type="Task")
        world.tell("jira's admins", f"take {field} off the screen of {project}")
    else:
        world.cloud.control.refuse_field(field, project=project, type="Task")
        world.tell("jira's admins", f"refuse every {field} in {project}")


def forbid(world: World, dice: random.Random) -> None:
    """Let a validator refuse a create that fills a field, without naming it."""
    project, field = _field(dice)
    world.cloud.control.forbid_field(field, project, type="Task")
    world.tell("jira's admins", f"let a validator refuse {field} in {project}")


def demand(world: World, dice: random.Random) -> None:
    """Demand a field."""
    project, field = _field(dice)
    world.cloud.control.require_field(field, project=project, type="Task")
    world.auditor.demanded.add(field)
    world.tell("jira's admins", f"demand {field} in {project}")


def use_workflow(world: World, dice: random.Random) -> None:
    """Give issues a workflow whose screens ask for more, or that has no way there."""
    name = dice.choice(WORKFLOWS)
    world.cloud.control.use_workflow(name, "PLAT", type="Task")
    world.tell("jira's admins", f"use the workflow {name} in PLAT")


def ask_for_resolution(world: World, dice: random.Random) -> None:
    """Let the screen of a transition ask for a resolution, suggest one, or not ask any more."""
    use_alone(world, dice.choice([*RESOLUTIONS, "resolution", UNLIKE, UNLIKE]))


def use_alone(world: World, name: str) -> None:
    """Give issues this workflow, and none of the others that have to do with resolutions."""
    for each in RESOLUTIONS:
        world.cloud.control.use_workflow(each, "PLAT", type="Task", on=False)
    world.cloud.control.use_workflow(name, "PLAT", type="Task")
    world.auditor.suggests(RESOLUTIONS[name])
    world.tell("jira's admins", f"use the workflow {name} in PLAT")


def send_back(world: World, dice: random.Random) -> None:
    """Let a rule bring back what somebody moves."""
    status, to = dice.choice([("Done", "In Progress"), ("Done", "To Do"), ("To Do", "Done")])
    world.cloud.control.send_back(status, to, "PLAT")
    world.tell("jira's admins", f"let a rule bring issues from {status} to {to} in PLAT")


def _field(dice: random.Random) -> tuple[str, str]:
    project = dice.choice(["KIND", "PLAT", "PLAT"])
    return project, dice.choice(OF_EVERY_KIND if project == "KIND" else OF_ANY)
