"""What an action item's row depends on beside the item and its link. Pure."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from app.models import JiraConnection
from app.services.panel.advice import Place
from app.services.panel.holds import PASSING, Hold, hold_of


@dataclass(frozen=True)
class Circumstances:
    """What a row depends on beside the item and its link.

    `committed`: the retrospective is in Commit or beyond. `mapped`: its team has a project.
    `paused_until`: the later one of the connection's and the installation's pause.
    `webhooks`: the organization wants Jira to tell us what changes there.
    """

    connection: JiraConnection | None
    plan_includes_jira: bool
    committed: bool
    mapped: bool
    place: Place
    paused_until: datetime | None = None
    webhooks: bool = False
    team_syncs: bool = True

    @cached_property
    def hold(self) -> Hold | None:
        """What keeps everything from going out, if anything does."""
        plan, team = self.plan_includes_jira, self.team_syncs
        return hold_of(self.connection, plan_includes_jira=plan, team_syncs=team)

    @property
    def listens(self) -> bool:
        """Whether Jira tells us of what changes there."""
        return self.webhooks and self.hold in {None, Hold.RESTORED, Hold.TEAM}

    @property
    def offers_sync(self) -> bool:
        """Whether asking for a sync leads anywhere; while reconnecting is owed, it waits."""
        return self.mapped and self.hold in {None, *PASSING}

    @property
    def may_link(self) -> bool:
        """Whether Jira can be asked for an issue to choose."""
        return self.mapped and self.hold is None
