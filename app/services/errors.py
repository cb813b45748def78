"""What a use case cannot do, each with one sentence for the person who asked."""


class UnpackError(Exception):
    """A fact that a person can read. `sentence` never holds anything secret."""

    sentence = "That did not work."

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence)
        self.sentence = sentence or self.sentence


class PlanWithoutJira(UnpackError):
    sentence = "The Jira integration comes with Pro and Enterprise."


class JiraNotConnected(UnpackError):
    sentence = "Jira is not connected."


class TeamNotMapped(UnpackError):
    sentence = "No Jira project is chosen for this team."


class TeamDoesNotSync(UnpackError):
    sentence = "This team does not sync with Jira."


class IssueElsewhere(UnpackError):
    sentence = (
        "Its issue is on another Jira site than the one that is connected, so nothing can be sent. "
        "Unlink it first; Sync to Jira then creates a new issue."
    )


class OutcomeUnknown(UnpackError):
    sentence = "Unpack is still finding out whether Jira created the issue."


class ItemDropped(UnpackError):
    sentence = "This action item was dropped. Take it up again first."


class AlreadyDeleted(UnpackError):
    sentence = "Somebody has already deleted this retrospective."
