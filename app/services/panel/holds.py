"""What keeps everything of an organization from going out, as a panel says it. Pure."""

from enum import StrEnum

from app.models import ConnectionState, JiraConnection


class Hold(StrEnum):
    DISCONNECTED = "disconnected"
    PLAN = "plan"
    RECONNECT = "reconnect"
    RESTORED = "restored"  # from a backup: nothing is changed in Jira until it is let go
    SUSPENDED = "suspended"  # an admin paused syncing
    TEAM = "team"  # it does not sync


# What is asked for meanwhile goes out afterwards.
NOT_SYNCED = ("off", "refresh-off", "Not synced")
PASSING = (Hold.RECONNECT, Hold.RESTORED, Hold.SUSPENDED)


def waiting_chip(hold: Hold | None) -> tuple[str, str, str]:
    """State, icon and words of what waits for more than its turn."""
    if hold is Hold.SUSPENDED:
        return "waiting", "player-pause", "Waits while paused"
    return "waiting", "clock", "Waiting to sync"


def hold_of(
    connection: JiraConnection | None, *, plan_includes_jira: bool, team_syncs: bool = True
) -> Hold | None:
    """What is in the way, if anything is; of several, what is named first."""
    if connection is None or connection.state is ConnectionState.DISCONNECTED:
        return Hold.DISCONNECTED
    if not plan_includes_jira:
        return Hold.PLAN
    if not team_syncs:
        return Hold.TEAM
    if not connection.connected:
        return Hold.RECONNECT
    if connection.on_hold:
        return Hold.RESTORED
    return Hold.SUSPENDED if connection.suspended else None
