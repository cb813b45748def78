"""How Jira is doing, as an organization's home says it to Owner and Admins. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.models import ConnectionState
from app.services.grants.troubles import TROUBLES
from app.services.labels import Chip, plural

_BECOMING = "Action items become Jira issues when a retrospective enters Commit."


@dataclass(frozen=True)
class JiraLine:
    """Jira in one line, and the one page that helps: `endpoint` with `arguments`."""

    chip: Chip
    words: str
    link: str
    endpoint: str
    arguments: Mapping[str, str] = field(default_factory=dict)


def line_of(
    organization_name: str,
    *,
    plan_includes_jira: bool,
    state: ConnectionState | None,
    on_hold: bool = False,
    suspended: bool = False,
    synced_this_week: int,
    failed: int,
) -> JiraLine:
    """Word the line. `state` is that of the connection, None where there never was one."""
    if not plan_includes_jira:
        return _on_free(organization_name, state)
    if state is None or state is ConnectionState.DISCONNECTED:
        return _unconnected(state)
    if state is not ConnectionState.CONNECTED:
        return _in_trouble(state)
    if on_hold:
        return _restored()
    if suspended:
        return _suspended()
    return _connected(synced_this_week, failed)


def _on_free(organization_name: str, state: ConnectionState | None) -> JiraLine:
    chip = Chip("off", "lock", "Pro and Enterprise")
    holds_grant = state not in {None, ConnectionState.DISCONNECTED}
    words = f"Everything is on hold while {organization_name} is on Free."
    return JiraLine(chip, words if holds_grant else _BECOMING, "See plans", "plan.show")


def _unconnected(state: ConnectionState | None) -> JiraLine:
    chip = Chip("off", "plug", "Not connected" if state is None else "Disconnected")
    link = "Connect to Jira" if state is None else "Connect again"
    return JiraLine(chip, _BECOMING, link, "integrations.index")


def _in_trouble(state: ConnectionState) -> JiraLine:
    trouble = TROUBLES[state]
    chip = Chip("reconnect", "plug-connected-x", trouble.name)
    ends = "somebody reconnects" if trouble.reconnecting_helps else trouble.end
    words = f"Action items wait until {ends}. Nothing is lost."
    return JiraLine(chip, words, "Open Integrations", "integrations.index")


def _restored() -> JiraLine:
    chip = Chip("paused", "player-pause", "Waiting after a restore")
    words = "Unpack was restored from a backup. Action items wait; nothing is lost."
    return JiraLine(chip, words, "Open Integrations", "integrations.index")


def _suspended() -> JiraLine:
    chip = Chip("paused", "player-pause", "Paused")
    words = "An admin paused syncing. Action items wait; nothing is lost."
    return JiraLine(chip, words, "Open Integrations", "integrations.index")


def _connected(synced: int, failed: int) -> JiraLine:
    chip = Chip("connected", "plug-connected", "Connected")
    words = f"{plural(synced, 'action item')} synced this week"
    if not failed:
        return JiraLine(chip, f"{words}.", "Open Integrations", "integrations.index")
    return JiraLine(
        chip,
        f"{words}, {failed} failed.",
        f"Review {failed} failed",
        "sync_log.index",
        {"shown": "failed"},
    )
