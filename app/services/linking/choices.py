"""The issues that a page offers for an action item, and why some of them cannot be had."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.clock import utcnow
from app.jira.types import Issue
from app.models import ActionItem, JiraConnection, User
from app.models.obstacles import Obstacle, obstacle
from app.services.errors import (
    JiraNotConnected,
    PlanWithoutJira,
    TeamDoesNotSync,
    TeamNotMapped,
)
from app.services.linking import belonging, issue_search
from app.services.linking.belonging import Belonging, Whose
from app.services.linking.issue_search import Answered
from app.services.linking.reach import Reach
from app.services.linking.typed import Typed, read
from app.services.mapping.mappings import does_not_sync, mapping_for
from app.services.organizations import permissions

_IN_THE_WAY = {
    Obstacle.CONNECTION: "Jira needs to be reconnected first. Ask an admin.",
    Obstacle.HOLD: (
        "Unpack was restored from a backup, and nothing is changed in Jira until whoever runs it "
        "has settled that."
    ),
    Obstacle.SUSPENSION: "Syncing is paused. Nothing was changed. Link it after Resume.",
    Obstacle.PAUSE: "Jira asked us to slow down. Nothing was changed. Search again later.",
}


@dataclass(frozen=True)
class Question:
    """What is to be asked, of which connection. trouble: why it cannot be."""

    connection_id: int
    typed: Typed
    reach: Reach
    trouble: str = ""

    @property
    def asks(self) -> bool:
        return self.typed.asks and not self.trouble


@dataclass(frozen=True)
class Refusal:
    """Why an issue cannot be chosen: words around the other action item, if one may be named."""

    before: str
    item: ActionItem | None = None
    after: str = ""

    @property
    def words(self) -> str:
        """All of it, where nothing can be a link."""
        return f"{self.before}{self.item.title if self.item else ''}{self.after}"


@dataclass(frozen=True)
class Choice:
    """An issue as it is shown. refusal: None where it may be chosen."""

    issue: Issue
    url: str
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Choices:
    """What was found. trouble: why there is nothing to choose, in one sentence.

    cloud_id: of which site.
    """

    choices: Sequence[Choice] = ()
    trouble: str = ""
    cloud_id: str = ""

    @property
    def free(self) -> list[Choice]:
        """Those that may be chosen."""
        return [each for each in self.choices if each.refusal is None]


def question_of(item: ActionItem, by: User, text: str) -> Question:
    """Make a question of what the person typed. Raises `PlanWithoutJira`, `JiraNotConnected`,
    `TeamNotMapped`, `TeamDoesNotSync`."""
    organization = item.retrospective.team.organization
    connection = organization.connection
    if connection is None or not connection.holds_grant:
        raise JiraNotConnected
    if does_not_sync(item.retrospective.team):
        raise TeamDoesNotSync
    typed = read(text, connection.site_url, organization.name)
    reach = reach_of(item, by, connection)
    why = obstacle(connection, utcnow())
    if why is Obstacle.PLAN:
        raise PlanWithoutJira
    trouble = _IN_THE_WAY[why] if why is not None else typed.trouble
    if not trouble and typed.words and not reach.query(typed.words):
        trouble = reach.nothing_found()
    return Question(connection.id, typed, reach, trouble)


def reach_of(item: ActionItem, by: User, connection: JiraConnection) -> Reach:
    """Which issues the person may choose for the item. Raises `TeamNotMapped`."""
    team = item.retrospective.team
    mapping = mapping_for(team)
    if mapping is None:
        raise TeamNotMapped
    account = connection.account_name or "The connected account"
    if permissions.administers(by, team.organization):
        return Reach(None, "", account)
    return Reach(mapping.project_id, mapping.project_key, account)


def ask(question: Question) -> Answered:
    """Ask Jira. No transaction may be open."""
    if not question.asks:
        return Answered(trouble=question.trouble)
    if question.typed.key:
        return issue_search.by_key(question.connection_id, question.typed.key)
    return issue_search.by_query(question.connection_id, question.reach.query(question.typed.words))


def choices_of(question: Question, answered: Answered, item: ActionItem, by: User) -> Choices:
    """What the person may choose of what Jira answered."""
    if answered.trouble or not question.asks:
        return Choices(trouble=answered.trouble)
    found = shown_of(question, answered, item, by)
    if found.choices:
        return found
    key = question.typed.key
    return Choices(trouble=question.reach.not_there(key) if key else question.reach.nothing_found())


def shown_of(question: Question, answered: Answered, item: ActionItem, by: User) -> Choices:
    """The same, without a word where there is nothing."""
    within = [issue for issue in answered.issues if question.reach.holds(issue)]
    connection = item.retrospective.team.organization.connection
    assert connection is not None
    whose = belonging.of_issues(connection, within, item.id)
    shown = [
        Choice(
            issue,
            f"{connection.site_url}/browse/{issue.key}",
            refusal_of(issue.key, whose[issue.id], by),
        )
        for issue in within
    ]
    return Choices(shown, cloud_id=answered.cloud_id)


def refusal_of(key: str, belongs: Belonging, by: User) -> Refusal | None:
    """Why the issue cannot be chosen. What the person may not read is not named."""
    if belongs.free:
        return None
    if belongs.whose is Whose.THIS_ITEMS:
        return Refusal(f"{key} is linked to this action item already.")
    if belongs.whose is Whose.ELSEWHERE:
        return Refusal(f"{key} belongs to another Unpack organization. Ask an admin.")
    other = belongs.item
    readable = (
        other is not None
        and other.deleted_at is None
        and permissions.may_read(by, other.retrospective.team)
    )
    if not readable:
        return Refusal(f"{key} belongs to another action item already. Ask an admin.")
    return Refusal(f"{key} belongs to ", other, ". Unlink it there first.")
