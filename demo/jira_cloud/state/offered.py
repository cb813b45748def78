"""What a project offers an account now: the options of its fields, its workflow."""

from dataclasses import replace

from demo.jira_cloud.catalog.accounts import Account
from demo.jira_cloud.catalog.fields import COMPONENTS, SECURITY, Field, known_options
from demo.jira_cloud.catalog.options import Option
from demo.jira_cloud.catalog.sites import PROJECTS, Project
from demo.jira_cloud.catalog.workflows import WORKFLOWS, Status, Transition, Workflow, of_team
from demo.jira_cloud.state import permissions
from demo.jira_cloud.state.conditions import holds
from demo.jira_cloud.state.world import World


def options(world: World, account: Account, project: Project, field: Field) -> list[Option]:
    """The options that the account may choose; archived versions are among them."""
    known = known_options(field, project)
    if field.id == COMPONENTS.id and holds(
        world.conditions.compass, site=project.site, project=project.key
    ):
        known = ()
    if field.id == SECURITY.id:
        may = permissions.allowed(world, account, permissions.SET_SECURITY, project)
        known = tuple(each for each in known if may and admits(each, account))
    if field.schema["type"] == "project":
        known = tuple(each for each in known if _sees(world, account, project, each))
    return _not_deleted(world, field, known)


def components(world: World, project: Project, from_compass: bool) -> list[Option]:
    """A project has its components in Jira or in Compass, and those a screen does not list."""
    in_compass = holds(world.conditions.compass, site=project.site, project=project.key)
    if in_compass and not from_compass:
        return []
    return _not_deleted(world, COMPONENTS, known_options(COMPONENTS, project))


def admits(level: Option, account: Account) -> bool:
    """Whether a security level lets the account see an issue."""
    return not level.members or account.id in level.members


def workflow(world: World, project: Project, type_name: str) -> Workflow:
    """The workflow that issues of the type have."""
    place = {"site": project.site, "project": project.key, "type": type_name}
    chosen = [each["workflow"] for each in world.conditions.workflows if holds([each], **place)]
    found = WORKFLOWS[chosen[-1] if chosen else "usual"]
    return of_team(project, found) if project.team_managed else found


def status_of(world: World, project: Project, type_name: str, identity: str) -> Status:
    """The status by id. A workflow that lost it still has issues in it."""
    found = workflow(world, project, type_name).status(identity)
    return found or next(
        status
        for every in WORKFLOWS.values()
        for status in (of_team(project, every) if project.team_managed else every).statuses
        if status.id == identity
    )


def ways_from(world: World, project: Project, type_name: str, status_id: str) -> list[Transition]:
    """The transitions that lead out of a status."""
    now = status_of(world, project, type_name, status_id)
    return [
        each
        for each in workflow(world, project, type_name).transitions
        if each.to.id != status_id and (not each.origins or now.name in each.origins)
    ]


def _sees(world: World, account: Account, project: Project, option: Option) -> bool:
    asked = next(each for each in PROJECTS[project.site] if each.id == option.id)
    return permissions.allowed(world, account, permissions.BROWSE, asked)


def _not_deleted(world: World, field: Field, known: tuple[Option, ...]) -> list[Option]:
    if not world.conditions.options_removed:
        return list(known)
    return [_with_children_left(world, field, each) for each in known if _left(world, field, each)]


def _left(world: World, field: Field, option: Option) -> bool:
    removed = world.conditions.options_removed
    return not holds(removed, field=field.id, option=option.id)


def _with_children_left(world: World, field: Field, option: Option) -> Option:
    children = tuple(each for each in option.children if _left(world, field, each))
    return replace(option, children=children)
