"""What the Jira card and the banner say of a connection, and what they offer. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.models import Suspension
from app.services.connection.cards import Card, CardState
from app.services.errors import PlanWithoutJira
from app.services.grants.troubles import TROUBLES
from app.services.labels import Chip, Sentence, plural
from app.services.points import waiting_words


@dataclass(frozen=True)
class Action:
    """A link, or a button where it `posts`. `look` is the button's class beside `btn`.

    enabled: otherwise the hint says why not
    """

    label: str
    endpoint: str
    look: str = ""
    posts: bool = False
    enabled: bool = True
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CardWords:
    """What the card says beside its state, and what can be done.

    trouble: what is wrong, if anything is, and remark: who does what about it. outlook: what comes
    next.
    """

    outlook: Sentence
    actions: Sequence[Action]
    hint: str = ""
    trouble: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Banner:
    """What stands above a page of the settings: a heading in bold, a sentence, perhaps a link."""

    tone: str
    icon: str
    heading: Sentence
    sentence: Sentence
    action: Action | None = None


def chip_of(card: Card) -> Chip:
    """The card's state in a word."""
    if card.state is CardState.PAUSED:
        return Chip("paused", "player-pause", "Paused by Jira until", at=card.paused_until)
    if card.state is CardState.SUSPENDED:
        return Chip(
            "paused", "player-pause", "Paused since", at=_suspension(card).since, dated=True
        )
    return _CHIPS[card.state]


def words_of(card: Card, organization_name: str, viewer_id: int) -> CardWords:
    """The card as the person with the id `viewer_id` sees it."""
    hint = _SERVICE_ACCOUNT if card.state in _UNCONNECTED else ""
    if card.state is CardState.FREE:
        hint = f"{organization_name} is on Free. {PlanWithoutJira.sentence}"
    outlook, actions = _outlook(card, viewer_id), _actions(card, viewer_id)
    if not card.in_trouble or card.connection is None:
        return CardWords(outlook, actions, hint)
    trouble = TROUBLES[card.connection.state]
    wrong = f"{trouble.heading_for(card.connection.site_host)} {trouble.cause}".rstrip()
    return CardWords(outlook, actions, hint, wrong, trouble.remark)


def banner_of(card: Card) -> Banner | None:
    """What every page of the Jira settings says first; None while all is well."""
    if card.in_trouble:
        return _trouble(card)
    if card.state is CardState.ON_HOLD:
        return Banner("warn", "player-pause", Sentence(RESTORED), Sentence(_after_a_restore(card)))
    if card.state is CardState.SUSPENDED:
        return _suspended(card)
    if card.state is CardState.PAUSED:
        heading = Sentence("Jira asked us to slow down until", card.paused_until, ".")
        return Banner("warn", "player-pause", heading, Sentence(_after_a_pause(card)))
    if card.points is not None:
        return Banner("warn", "player-pause", Sentence(waiting_words.LIMIT), card.points)
    if card.state is CardState.CONNECTING:
        return Banner(
            "warn",
            "refresh",
            Sentence("A new sign-in at Atlassian waits for a site to be chosen."),
            Sentence("Until then, everything stays as it is."),
            Action("Open Integrations", "integrations.index"),
        )
    return None


def log_banner_of(card: Card, organization_name: str) -> Banner | None:
    """Why the Sync Log stands still; None while something may be sent."""
    if card.state is CardState.FREE:
        kept = (
            "Nothing is synced or retried. The log stays, and syncing goes on when "
            f"{organization_name} is back on Pro or Enterprise."
        )
        return _standstill("Free does not include Jira.", kept, Action("See plans", "plan.show"))
    if card.state is CardState.ON_HOLD:
        kept = f"{_after_a_restore(card)} The log stays."
        return _standstill(RESTORED, kept, Action("Open Integrations", "integrations.index"))
    if card.state is CardState.SUSPENDED:
        return _suspended(card)
    if card.holds_grant:
        return None
    heading, kept = "Jira is not connected.", "Nothing is synced or retried."
    if card.connection is not None:
        heading, kept = "Jira is disconnected.", f"{kept} The log stays."
    return _standstill(heading, kept, Action("Open Integrations", "integrations.index"))


def _outlook(card: Card, viewer_id: int) -> Sentence:
    connection, counts = card.connection, card.counts
    if card.in_trouble and connection is not None:
        nothing = "Nothing is waiting." if card.state is CardState.NEEDS_RECONNECT else ""
        return Sentence(TROUBLES[connection.state].outlook(counts.waiting) or nothing)
    if card.state in {CardState.ON_HOLD, CardState.SUSPENDED}:
        return Sentence(_waits(counts.waiting))
    if card.state is CardState.PAUSED:
        if not counts.waiting:
            return Sentence("Nothing is waiting.")
        items = plural(counts.waiting, "action item goes", "action items go")
        return Sentence(f"{items} out at", card.paused_until, f" by {_itself(counts.waiting)}.")
    if card.state is CardState.CONNECTING and card.pending is not None:
        if card.pending.user_id == viewer_id:
            return Sentence("Choose a site by", card.pending.expires_at, " to finish.")
        return Sentence("A site is to be chosen by", card.pending.expires_at, ".")
    if card.state is CardState.DISCONNECTED:
        return Sentence(_links_left(counts.linked))
    return Sentence("")


def _links_left(linked: int) -> str:
    if not linked:
        return "No action item has an issue there."
    keys = plural(linked, "key still links to its issue", "keys still link to their issues")
    return f"{keys}; nothing is updated."


def _actions(card: Card, viewer_id: int) -> list[Action]:
    if card.state is CardState.FREE:
        return [_FORBIDDEN, _SEE_PLANS, *([_DISCONNECT] if card.holds_grant else [])]
    if card.state is CardState.CONNECTING:
        chooses = card.pending is not None and card.pending.user_id == viewer_id
        settings = [Action("Settings", "jira_settings.edit")] if card.holds_grant else []
        return [*([_CHOOSE_SITE] if chooses else []), _CANCEL, *settings]
    if card.state is CardState.CONNECTED and (failed := card.counts.failed):
        return [_review(failed), Action("Settings", "jira_settings.edit")]
    return _ACTIONS[card.state]


def _review(failed: int) -> Action:
    """The one next thing while all is well but for some items."""
    shown = {"shown": "failed"}
    return Action(f"Review {failed} failed", "sync_log.index", "primary", arguments=shown)


def _trouble(card: Card) -> Banner | None:
    connection = card.connection
    if connection is None:
        return None
    trouble = TROUBLES[connection.state]
    rest = [trouble.outlook(card.counts.waiting), trouble.remark, "Settings are kept."]
    reconnect = Action("Reconnect", "jira_authorization.new", "primary")
    return Banner(
        "bad",
        "plug-connected-x",
        Sentence(trouble.heading_for(connection.site_host)),
        Sentence(
            f"{trouble.cause} Since".lstrip(),
            connection.state_changed_at,
            f" nothing is synced. {' '.join(filter(None, rest))}",
        ),
        reconnect if trouble.reconnecting_helps else None,
    )


def _suspended(card: Card) -> Banner:
    paused = _suspension(card)
    by = f" by {paused.by.name}: “{paused.reason}”."
    heading = Sentence("Paused since", paused.since, by, dated=True)
    return Banner("warn", "player-pause", heading, Sentence(_waits(card.counts.waiting)), _RESUME)


def _suspension(card: Card) -> Suspension:
    assert card.connection is not None
    assert card.connection.suspension is not None
    return card.connection.suspension


def _standstill(heading: str, kept: str, action: Action) -> Banner:
    return Banner("warn", "alert-triangle", Sentence(heading), Sentence(kept), action)


def _after_a_restore(card: Card) -> str:
    return (
        "Nothing is sent to Jira until what was forgotten by that is found there and whoever runs "
        f"Unpack lets it go. {_waits(card.counts.waiting)} What changes in Jira is still read."
    )


def _waits(waiting: int) -> str:
    if not waiting:
        return "Nothing is waiting."
    return f"{plural(waiting, 'action item waits', 'action items wait')}; nothing is lost."


def _after_a_pause(card: Card) -> str:
    waiting = card.counts.waiting
    if not waiting:
        return "Nothing is waiting."
    items = plural(waiting, "action item goes", "action items go")
    return f"{items} out then, by {_itself(waiting)}. No try is used up."


def _itself(count: int) -> str:
    return "itself" if count == 1 else "themselves"


RESTORED = "Unpack was restored from a backup."
_CHIPS = {
    CardState.NOT_SET_UP: Chip("off", "plug", "Not set up"),
    CardState.FREE: Chip("off", "lock", "Pro and Enterprise"),
    CardState.NOT_CONNECTED: Chip("off", "plug", "Not connected"),
    CardState.CONNECTING: Chip("syncing", "refresh", "Connecting", spin=True),
    CardState.CONNECTED: Chip("connected", "plug-connected", "Connected"),
    **{
        CardState(state.value): Chip("reconnect", "plug-connected-x", trouble.name)
        for state, trouble in TROUBLES.items()
    },
    CardState.ON_HOLD: Chip("paused", "player-pause", "Waiting after a restore"),
    CardState.DISCONNECTED: Chip("off", "plug", "Disconnected"),
}
_FORBIDDEN = Action("Connect to Jira", "jira_authorization.new", enabled=False)
_SEE_PLANS = Action("See plans", "plan.show", "primary")
_DISCONNECT = Action("Disconnect Jira", "jira_disconnection.new", "outline-bad")
_CHOOSE_SITE = Action("Choose a site", "jira_site.edit", "primary")
_RESUME = Action("Resume syncing", "suspensions.destroy", "primary", posts=True)
_CANCEL = Action("Cancel", "jira_site.destroy", posts=True)
_CONNECT = [Action("Connect to Jira", "jira_authorization.new", "primary")]
_RECONNECT = [
    Action("Reconnect", "jira_authorization.new", "primary"),
    Action("Settings", "jira_settings.edit"),
]
_ACTIONS = {
    CardState.NOT_SET_UP: [Action("Read how to set it up", "integrations.setup")],
    CardState.NOT_CONNECTED: _CONNECT,
    CardState.DISCONNECTED: _CONNECT,
    CardState.CONNECTED: [Action("Settings", "jira_settings.edit", "primary")],
    CardState.ON_HOLD: [Action("Settings", "jira_settings.edit")],
    CardState.SUSPENDED: [_RESUME, Action("Settings", "jira_settings.edit")],
    CardState.PAUSED: [Action("Settings", "jira_settings.edit")],
    CardState.NEEDS_RECONNECT: _RECONNECT,
    CardState.SITE_UNAVAILABLE: _RECONNECT,
    CardState.MISCONFIGURED: [Action("Settings", "jira_settings.edit", "primary")],
}
_UNCONNECTED = {CardState.NOT_CONNECTED, CardState.DISCONNECTED}
_SERVICE_ACCOUNT = (
    "Better with a service account at Atlassian than with a person’s: the connection then "
    "outlives anybody’s leaving."
)


def connected(
    host: str, *, chosen: bool, without_issue: int, on_hold: bool = False, suspended: bool = False
) -> str:
    """What is said right after connecting. chosen: some project is, from before.

    without_issue: action items that were committed while nothing could be sent. on_hold: after a
    restore, nothing goes out. suspended: nor while somebody has paused syncing.
    """
    if not chosen:
        return f"Connected to {host}. Choose where action items go, then save."
    if on_hold:
        return (
            f"Connected to {host}. Settings are kept, and what a backup forgot is looked for now."
        )
    if suspended:
        return f"Connected to {host}. Settings are kept, and syncing stays paused."
    said = f"Connected to {host}. Settings are kept, and what was waiting goes out now."
    if not without_issue:
        return said
    items = plural(without_issue, "action item")
    stays = "was" if without_issue == 1 else "were"
    return f"{said} {items} {stays} committed without Jira: see Sync past action items."
