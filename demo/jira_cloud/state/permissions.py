"""Who may do what where: the scheme all projects share, less what a switch takes away."""

from demo.jira_cloud.catalog.accounts import Account
from demo.jira_cloud.catalog.fields import (
    ASSIGNEE,
    DUE_DATE,
    FIELDS,
    ISSUE_TYPE,
    PROJECT,
    REPORTER,
    SECURITY,
    SPRINT,
    Field,
)
from demo.jira_cloud.catalog.screens import screen
from demo.jira_cloud.catalog.sites import PROJECTS, Project, Site, types_of
from demo.jira_cloud.state.conditions import EVERY, holds
from demo.jira_cloud.state.world import World

BROWSE = "BROWSE_PROJECTS"
CREATE = "CREATE_ISSUES"
EDIT = "EDIT_ISSUES"
DELETE = "DELETE_ISSUES"
TRANSITION = "TRANSITION_ISSUES"
ASSIGNABLE = "ASSIGNABLE_USER"
ASSIGN = "ASSIGN_ISSUES"
BROWSE_USERS = "USER_PICKER"
LINK = "LINK_ISSUES"
SET_SECURITY = "SET_ISSUE_SECURITY"

# What a field needs beside creating or editing (jira-platform.md §11.18).
OF_FIELDS = {
    DUE_DATE.id: "SCHEDULE_ISSUES",
    ASSIGNEE.id: ASSIGN,
    REPORTER.id: "MODIFY_REPORTER",
    SECURITY.id: SET_SECURITY,
    SPRINT.id: "SCHEDULE_ISSUES",
}

# Key: (id, name, whether it is global). The ids are Jira's own.
KNOWN: dict[str, tuple[str, str, bool]] = {
    "ADMINISTER": ("0", "Administer Jira", True),
    "SYSTEM_ADMIN": ("44", "Administer Jira (system)", True),
    BROWSE_USERS: ("27", "Browse users and groups", True),
    "BULK_CHANGE": ("33", "Make bulk changes", True),
    "CREATE_SHARED_OBJECTS": ("22", "Share dashboards and filters", True),
    "ADMINISTER_PROJECTS": ("23", "Administer Projects", False),
    BROWSE: ("10", "Browse Projects", False),
    CREATE: ("11", "Create Issues", False),
    EDIT: ("12", "Edit Issues", False),
    "SCHEDULE_ISSUES": ("28", "Schedule Issues", False),
    "MOVE_ISSUES": ("25", "Move Issues", False),
    ASSIGN: ("13", "Assign Issues", False),
    ASSIGNABLE: ("17", "Assignable User", False),
    "RESOLVE_ISSUES": ("14", "Resolve Issues", False),
    "CLOSE_ISSUES": ("18", "Close Issues", False),
    TRANSITION: ("46", "Transition Issues", False),
    "MODIFY_REPORTER": ("30", "Modify Reporter", False),
    SET_SECURITY: ("26", "Set Issue Security", False),
    DELETE: ("16", "Delete Issues", False),
    LINK: ("21", "Link Issues", False),
    "ADD_COMMENTS": ("15", "Add Comments", False),
    "CREATE_ATTACHMENTS": ("19", "Create Attachments", False),
    "WORK_ON_ISSUES": ("20", "Work On Issues", False),
    "MANAGE_WATCHERS": ("32", "Manage Watchers", False),
    "VIEW_VOTERS_AND_WATCHERS": ("31", "View Voters and Watchers", False),
}
_ADMINS_ONLY = {"ADMINISTER", "SYSTEM_ADMIN", "ADMINISTER_PROJECTS", "MODIFY_REPORTER"}


def allowed(world: World, account: Account, permission: str, project: Project | None) -> bool:
    """Whether the account has the permission, in the project if it is not a global one."""
    if permission in _ADMINS_ONLY and not account.admin:
        key = EVERY if project is None else project.key
        if not holds(
            world.conditions.granted, permission=permission, account=account.id, project=key
        ):
            return False
    if project is None:
        return not holds(world.conditions.denied, permission=permission, account=account.id)
    if not account.active or project.site not in account.sites:
        return False
    if permission == ASSIGNABLE and account.kind != "atlassian":
        return False
    if permission == CREATE and project.admins_create and not account.admin:
        return False
    asked = {"site": project.site, "project": project.key, "account": account.id}
    if permission != BROWSE and archived(world, project):
        return False
    denied = world.conditions.denied
    # Who cannot see a project can do nothing in it.
    return not any(holds(denied, permission=each, **asked) for each in {permission, BROWSE})


def archived(world: World, project: Project) -> bool:
    """Whether the project can be read and nothing else."""
    place = {"site": project.site, "project": project.key}
    return holds(world.conditions.projects_archived, **place)


def projects(world: World, site: Site) -> list[Project]:
    """The projects that exist on the site, by key."""
    gone = world.conditions.projects_gone
    live = [
        each for each in PROJECTS[site.slug] if not holds(gone, site=site.slug, project=each.key)
    ]
    return sorted(live, key=lambda project: project.key)


def find_project(world: World, site: Site, account: Account, asked: str) -> Project | None:
    """The project by id or key, if the account may see it."""
    for project in projects(world, site):
        if asked in (project.id, project.key) and allowed(world, account, BROWSE, project):
            return project
    return None


def type_names(world: World, project: Project) -> list[str]:
    """The issue types that the project has now."""
    removed = world.conditions.types_removed
    return [
        name
        for name in project.type_names
        if not holds(removed, site=project.site, project=project.key, type=name)
    ]


def type_name_of(world: World, project: Project, type_id: str) -> str | None:
    """The name of the type if the project has it now."""
    kinds = types_of(project)
    return next((name for name in type_names(world, project) if kinds[name].id == type_id), None)


def fields(world: World, project: Project, type_name: str) -> dict[str, tuple[Field, bool]]:
    """The fields of the create screen now, each with whether it is required."""
    place = {"site": project.site, "project": project.key, "type": type_name}
    conditions = world.conditions
    added = {
        entry["field"]: (FIELDS[entry["field"]], False)
        for entry in conditions.fields_added
        if holds([entry], **place)
    }
    shown = added | {each.id: (each, required) for each, required in screen(project, type_name)}
    return {
        name: (each, required or holds(conditions.fields_required, field=name, **place))
        for name, (each, required) in shown.items()
        if not holds(conditions.fields_removed, field=name, **place)
    }


def settable(
    world: World, account: Account, project: Project, type_name: str
) -> dict[str, tuple[Field, bool]]:
    """The fields of the screen that the account may set now, each with whether it is required."""
    return {
        name: found
        for name, found in fields(world, project, type_name).items()
        if name not in (PROJECT.id, ISSUE_TYPE.id)
        and (name not in OF_FIELDS or allowed(world, account, OF_FIELDS[name], project))
    }
