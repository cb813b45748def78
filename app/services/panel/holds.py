"""What keeps everything of an organization from going out, as a panel says it. Pure."""

from enum import StrEnum

from app.models import ConnectionState, JiraConnection


class Hold(StrEnum):
    DISCONNECTED = "disconnected"
    PLAN = "plan"
    RECONNECT = "reconnect"
    RESTORED = "restored"  # from a backup: nothing is changed in Jira until it is let go


# What is asked for meanwhile goes out afterwards.
PASSING = (Hold.RECONNECT, Hold.RESTORED)


def hold_of(connection: JiraConnection | None, *, plan_includes_jira: bool) -> Hold | None:
    """What is in the way, if anything is; of several, what is named first."""
    if connection is None or connection.state is ConnectionState.DISCONNECTED:
        return Hold.DISCONNECTED
    if not plan_includes_jira:
        return Hold.PLAN
    if not connection.connected:
        return Hold.RECONNECT
    return Hold.RESTORED if connection.on_hold else None
