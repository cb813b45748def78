"""What the first steps say, done and not done. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.models import Plan


class StepKind(StrEnum):
    INVITE = "invite"
    CONNECT = "connect"
    PROJECT = "project"
    RETROSPECTIVE = "retrospective"
    COMMIT = "commit"


@dataclass(frozen=True)
class Step:
    """`link` leads to the page `endpoint`, where the step is done; empty where there is none.

    next: the one to do first of those that are left.
    """

    title: str
    words: str
    done: bool
    link: str = ""
    endpoint: str = ""
    next: bool = False


@dataclass(frozen=True)
class FirstSteps:
    steps: Sequence[Step]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)


# Title and words of what is left, the way to it, then title and words of what is done.
_WORDS = {
    StepKind.INVITE: (
        "Invite people",
        "They choose their own name and password.",
        ("Invite somebody", "members.index"),
        "People are invited",
    ),
    StepKind.CONNECT: (
        "Connect to Jira",
        "You sign in at Atlassian and pick a site. Retrospectives work without it.",
        ("Connect to Jira", "integrations.index"),
        "Jira is connected",
    ),
    StepKind.PROJECT: (
        "Choose a project",
        "Where action items become issues, for all teams or each by itself.",
        ("Choose a project", "jira_settings.edit"),
        "A project is chosen",
    ),
    StepKind.RETROSPECTIVE: (
        "Start a retrospective",
        "A facilitator leads a team through it, phase by phase.",
        ("New retrospective", "team_retrospectives.new"),
        "The first retrospective is there",
    ),
    StepKind.COMMIT: (
        "Commit to action items",
        "When a retrospective enters Commit, its action items become issues.",
        ("", ""),
        "The first action items are committed",
    ),
}
_COMMIT_ALONE = "In Commit a team settles who does what, and until when."
# Nothing is connected and no project chosen where the plan has no Jira.
_OF_JIRA = {StepKind.CONNECT, StepKind.PROJECT}


def kinds_for(plan: Plan) -> list[StepKind]:
    """The steps of an organization on `plan`, in their order."""
    return [kind for kind in StepKind if plan.includes_jira or kind not in _OF_JIRA]


def words_of(kinds: Sequence[StepKind], done: Collection[StepKind]) -> FirstSteps:
    """Word the steps. A project is chosen on a page that is there once Jira is connected."""
    first = next((kind for kind in kinds if kind not in done), None)
    with_jira = StepKind.CONNECT in kinds
    return FirstSteps(
        [_step(kind, done, is_next=kind is first, with_jira=with_jira) for kind in kinds]
    )


def _step(kind: StepKind, done: Collection[StepKind], *, is_next: bool, with_jira: bool) -> Step:
    title, words, (link, endpoint), title_done = _WORDS[kind]
    if kind in done:
        return Step(title_done, "", done=True)
    if kind is StepKind.PROJECT and StepKind.CONNECT not in done:
        return Step(title, words, done=False, next=is_next)
    if kind is StepKind.COMMIT and not with_jira:
        words = _COMMIT_ALONE
    return Step(title, words, False, link, endpoint, is_next)
