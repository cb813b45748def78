"""What the settings page says of the webhook's health: decided and worded here, drawn there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.services.labels import Chip, Sentence, plural
from app.services.webhooks.health import (
    Health,
    HealthState,
    Looks,
    Progress,
    SentTest,
    is_overtaken,
)


@dataclass(frozen=True)
class Note:
    """A heading in bold, if there is one, and a sentence. `tone` is `warn` or `bad`."""

    tone: str
    sentence: Sentence
    heading: str = ""


@dataclass(frozen=True)
class WebhookTestResult:
    """What became of the last *Send test*. `tone` is the icon's: `ok`, `warn`, `bad` or none."""

    sentence: Sentence
    icon: str = ""
    tone: str = ""
    watching: bool = False


@dataclass(frozen=True)
class HealthWords:
    """The words of the page, empty where it says nothing.

    beside: what goes on meanwhile, beside the chip
    shows_facts: whether deliveries, reconciliation and registration are worth a line
    token_life: how long the tokens of deliveries live at most, empty before the first
    next_look_at: when the next reconciliation is due, if the page says so (aware UTC)
    hint, late: what follows from the state, before and after all else
    notes: why it waits or failed; advice: why nothing arrives, as far as we can tell
    awaited: what a poll waits for, which says it aloud once it is over
    """

    chip: Chip
    beside: str
    shows_facts: bool
    token_life: str
    looked: str
    next_look_at: datetime | None
    registration: str
    hint: str
    notes: Sequence[Note]
    advice: Sequence[str]
    late: str
    test: WebhookTestResult
    awaited: str | None


def words_of(health: Health) -> HealthWords:
    """Word the health. Pure."""
    return HealthWords(
        chip=_chip(health),
        beside=_beside(health),
        shows_facts=_shows_facts(health),
        token_life=_token_life(health.deliveries.token_life),
        looked=_looked(health.looks),
        next_look_at=_next_look_at(health),
        registration=(
            "expired" if health.state is HealthState.NOT_REGISTERED else "renewed by itself"
        ),
        hint=_OFF if health.state is HealthState.OFF else "",
        notes=[*_waiting(health), *_refused(health)],
        advice=_found(health),
        late=_LATE if health.state is HealthState.SILENT else "",
        test=_test_result(_telling_test(health), health.deliveries.last_at),
        awaited=_awaited(health),
    )


def _chip(health: Health) -> Chip:
    if health.state is HealthState.WAITING and health.held_by == "pause":
        return Chip("paused", "player-pause", "Waiting until", at=health.paused_until)
    return _CHIPS[health.state]


def _beside(health: Health) -> str:
    if not health.changing or health.error:
        return ""
    if health.state is HealthState.OFF:
        return "removing it from Jira…"
    return "registering again…" if _shows_facts(health) else ""


def _shows_facts(health: Health) -> bool:
    return health.state not in {HealthState.OFF, HealthState.REGISTERING}


def _token_life(seconds: int) -> str:
    if not seconds:
        return ""
    for size, word in ((3600, "hour"), (60, "minute")):
        if seconds >= size:
            return plural(round(seconds / size), word)
    return plural(seconds, "second")


def _looked(looks: Looks) -> str:
    if not looks.caught:
        return "nothing was missed"
    return f"caught {plural(looks.caught, 'missed change')}"


def _next_look_at(health: Health) -> datetime | None:
    unknown = health.looks.running or health.state is HealthState.WAITING
    return None if unknown else health.looks.next_at


def _waiting(health: Health) -> list[Note]:
    if health.state is not HealthState.WAITING:
        return []
    return [Note("warn", Sentence(_HELD_BY.get(health.held_by, _PAUSED)))]


def _refused(health: Health) -> list[Note]:
    """Jira, or whoever should ask it, did not do what is desired."""
    if not health.error:
        return []
    undone = "renewed" if health.expires_at else "registered"
    if health.state is HealthState.OFF:
        undone = "removed from Jira"
    sentence = Sentence(f"{health.error} We try again by ourselves.")
    if health.next_try_at:
        sentence = Sentence(f"{health.error} We try again at", health.next_try_at, ".")
    return [Note("bad", sentence, heading=f"The webhook could not be {undone}.")]


def _found(health: Health) -> Sequence[str]:
    """Why nothing arrives, once it is known that nothing is about to change."""
    if health.state in {HealthState.OFF, HealthState.WAITING, HealthState.REGISTERING}:
        return ()
    return health.advice


def _telling_test(health: Health) -> SentTest | None:
    """The last test, while it says anything: of a webhook that is not there, it does not."""
    registered = {
        HealthState.SILENT,
        HealthState.UNTESTED,
        HealthState.QUIET,
        HealthState.ARRIVING,
    }
    return health.test if health.state in registered else None


def _test_result(test: SentTest | None, last_delivery_at: datetime | None) -> WebhookTestResult:
    if test is None:
        return WebhookTestResult(Sentence(_UNTRIED))
    key, at = test.issue_key, test.requested_at
    if test.progress is Progress.WATCHING:
        words = f"Marking {key} and waiting for Jira to report it…"
        return WebhookTestResult(Sentence(words), "refresh", watching=True)
    if test.progress is Progress.ARRIVED:
        words = f"Arrived after {test.seconds:.1f} s: {key}, tested"
        return WebhookTestResult(Sentence(words, at, "."), "circle-check", "ok")
    if test.progress is Progress.FAILED and is_overtaken(test, last_delivery_at):
        words = "Jira has reported changes since the test that was not sent"
        return WebhookTestResult(Sentence(words, at, "."))
    if test.progress is Progress.MISSING and is_overtaken(test, last_delivery_at):
        words = f"Jira has reported changes since {key} was tested"
        return WebhookTestResult(Sentence(words, at, ", but not the test itself."))
    if test.progress is Progress.MISSING:
        words = f"Not arrived within 60 s: {key}, tested"
        return WebhookTestResult(Sentence(words, at, "."), "alert-triangle", "warn")
    words = f". {test.error}"
    return WebhookTestResult(Sentence("Not sent at", at, words), "alert-triangle", "warn")


def _awaited(health: Health) -> str | None:
    if health.test is not None and health.test.progress is Progress.WATCHING:
        return "test"
    return "registration" if health.changing else None


_CHIPS = {
    HealthState.OFF: Chip("off", "plug", "Off"),
    HealthState.WAITING: Chip("waiting", "clock", "Waiting"),
    HealthState.REGISTERING: Chip("syncing", "refresh", "Registering…", spin=True),
    HealthState.NOT_REGISTERED: Chip("blocked", "alert-circle", "Not registered"),
    HealthState.SILENT: Chip("limited", "alert-triangle", "Not arriving"),
    HealthState.UNTESTED: Chip("limited", "alert-triangle", "Test not sent"),
    HealthState.QUIET: Chip("idle", "circle-dashed", "No delivery yet"),
    HealthState.ARRIVING: Chip("ready", "circle-check", "Arriving"),
}
_OFF = "What changes in Jira is not noticed here."
_LATE = (
    "Until they arrive, the hourly reconciliation takes over what changed in Jira: late, but "
    "nothing is lost."
)
_HELD_BY = {
    "hold": "Unpack was restored from a backup. Until whoever runs it lets it go, the webhook in "
    "Jira stays as it is.",
    "plan": "The Free plan does not include Jira. Webhooks go on as they were after an upgrade.",
    "connection": "Until Jira is reconnected, nothing that changes there is taken over. It is "
    "caught up with afterwards.",
}
_UNTRIED = "Writes a mark on a linked issue and waits for Jira to report it."
_PAUSED = (
    "Jira asked us to slow down. What arrives meanwhile is taken over then. Nothing for you to do."
)
