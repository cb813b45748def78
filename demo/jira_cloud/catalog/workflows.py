"""Statuses, and the ways between them.

Which workflow a project's type has is in `state.offered`, by a switch.
"""

from dataclasses import dataclass, replace

from demo.jira_cloud.catalog.sites import Project


@dataclass(frozen=True)
class Status:
    """A status; a team-managed project has its own."""

    id: str
    name: str
    category: str


@dataclass(frozen=True)
class Question:
    """A field on the screen of a transition. `default` is the value that its form begins with."""

    field: str
    required: bool = False
    default: str | None = None


@dataclass(frozen=True)
class Transition:
    """A way into a status, from everywhere or from some statuses by name.

    resolution: what the workflow itself sets; a screen's answer wins
    demand: a field that a validator wants though no screen shows it
    """

    id: str
    name: str
    to: Status
    screen: tuple[Question, ...] = ()
    origins: tuple[str, ...] = ()
    resolution: str | None = None
    demand: str | None = None


@dataclass(frozen=True)
class Workflow:
    """The statuses of an issue, the first of which a new one has, and the ways between them."""

    statuses: tuple[Status, ...]
    transitions: tuple[Transition, ...]

    def status(self, identity: str) -> Status | None:
        """The status, if the workflow has it."""
        return next((each for each in self.statuses if each.id == identity), None)


TO_DO = Status("10000", "To Do", "new")
IN_PROGRESS = Status("10001", "In Progress", "indeterminate")
DONE = Status("10002", "Done", "done")
WONT_DO = Status("10003", "Won't do", "done")
CANCELLED = Status("10004", "Cancelled", "done")
RELEASED = Status("10005", "Released", "done")
RESOLUTIONS = {"10000": "Done", "10001": "Won't Do"}
_DONE, _WONT = "10000", "10001"
# Ids and keys as on every real site: jira-platform.md §5.3.
CATEGORIES = {
    "undefined": (1, "No Category", "medium-gray"),
    "new": (2, "To Do", "blue-gray"),
    "indeterminate": (4, "In Progress", "yellow"),
    "done": (3, "Done", "green"),
}

_OPEN = (Transition("11", "To Do", TO_DO), Transition("21", "In Progress", IN_PROGRESS))
_TO_DONE = Transition("31", "Done", DONE, resolution=_DONE)
_TO_WONT = Transition("41", "Won't do", WONT_DO, resolution=_WONT)
_TO_CANCELLED = Transition("51", "Cancel", CANCELLED, resolution=_WONT)
_ASKS = Question("resolution", required=True)
# The company-managed field that `demanding` wants: one line, "Root cause".
DEMANDED = "customfield_10101"
# The field of an app that nobody sets over REST: "Risk register".
UNFILLABLE = "customfield_10121"


def _one_done(*ways: Transition) -> Workflow:
    return Workflow((TO_DO, IN_PROGRESS, DONE), (*_OPEN, *ways))


WORKFLOWS: dict[str, Workflow] = {
    "usual": Workflow((TO_DO, IN_PROGRESS, DONE, WONT_DO), (*_OPEN, _TO_DONE, _TO_WONT)),
    "one_done": _one_done(_TO_DONE),
    "three_done": Workflow(
        (TO_DO, IN_PROGRESS, DONE, WONT_DO, CANCELLED),
        (*_OPEN, _TO_DONE, _TO_WONT, _TO_CANCELLED),
    ),
    "no_done": Workflow((TO_DO, IN_PROGRESS), _OPEN),
    "resolution": _one_done(replace(_TO_DONE, resolution=None, screen=(_ASKS,))),
    "resolution_default": _one_done(
        replace(_TO_DONE, resolution=None, screen=(replace(_ASKS, default=_DONE),))
    ),
    "resolution_optional": _one_done(
        replace(_TO_DONE, resolution=None, screen=(Question("resolution"),))
    ),
    "resolution_hidden": _one_done(replace(_TO_DONE, resolution=None, demand="resolution")),
    "resolution_unlike": Workflow(
        (TO_DO, IN_PROGRESS, RELEASED),
        (*_OPEN, Transition("61", "Release", RELEASED, screen=(_ASKS,))),
    ),
    "demanding": _one_done(replace(_TO_DONE, screen=(Question(DEMANDED, required=True),))),
    "two_screens": Workflow(
        (TO_DO, IN_PROGRESS, DONE, WONT_DO),
        (
            *_OPEN,
            replace(_TO_DONE, resolution=None, screen=(_ASKS,)),
            replace(_TO_WONT, screen=(_ASKS, Question(UNFILLABLE, required=True))),
        ),
    ),
    "two_ways": _one_done(
        replace(_TO_DONE, screen=(Question(DEMANDED, required=True),)),
        replace(_TO_DONE, id="32", name="Close at once"),
    ),
    "stepwise": _one_done(replace(_TO_DONE, origins=(IN_PROGRESS.name,))),
}


def of_team(project: Project, workflow: Workflow) -> Workflow:
    """The same workflow with the status ids of a team-managed project."""
    own = {each.id: replace(each, id=f"{project.id}{each.id[-2:]}") for each in workflow.statuses}
    ways = tuple(replace(each, to=own[each.to.id]) for each in workflow.transitions)
    return Workflow(tuple(own.values()), ways)
