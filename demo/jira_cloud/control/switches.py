"""The switches of the start page: trouble by name, in words, on or off."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from demo.jira_cloud.control.verbs import Control
from demo.jira_cloud.state.conditions import EVERY, Conditions


@dataclass(frozen=True)
class Switch:
    """One switch. `turn` is given the control interface and whether to turn it on."""

    name: str
    title: str
    words: str
    is_on: Callable[[Conditions], bool]
    turn: Callable[[Control, bool], None]


def _rule(name: str, title: str, words: str, kind: str, *operations: str, **rule: Any) -> Switch:
    identity = f"switch-{name}"

    def turn(control: Control, on: bool) -> None:
        if on:
            control.fault(kind, *operations, id=identity, **rule)
        else:
            control.clear_faults(identity)

    return Switch(name, title, words, lambda now: _has_rule(now, identity), turn)


def _value(name: str, title: str, words: str, field: str, on_value: Any, off_value: Any) -> Switch:
    def turn(control: Control, on: bool) -> None:
        control.set(**{field: on_value if on else off_value})

    return Switch(name, title, words, lambda now: getattr(now, field) == on_value, turn)


def _denied(name: str, title: str, words: str, permission: str) -> Switch:
    return Switch(
        name,
        title,
        words,
        lambda now: any(place["permission"] == permission for place in now.denied),
        lambda control, on: control.deny(permission, on=on),
    )


def _has_rule(now: Conditions, identity: str) -> bool:
    return any(rule.get("id") == identity for rule in now.rules)


def _turn_validator(control: Control, on: bool) -> None:
    control.add_field("text", EVERY, "Task", site=EVERY, on=on)
    control.demand_field("text", EVERY, "Task", site=EVERY, on=on)


SWITCHES: dict[str, Switch] = {
    switch.name: switch
    for switch in (
        _rule(
            "slow", "Slow", "Every answer takes 3 to 5 seconds.",
            "latency", min_ms=3000, max_ms=5000,
        ),
        _value(
            "down", "Down", "Every request gets an HTML page with status 503.",
            "down", True, False,
        ),
        _rule(
            "errors", "Server errors", "Every second request fails with status 500.",
            "error", probability=0.5,
        ),
        _rule(
            "hang-up", "Hangs up after creating",
            "Issues are created, and then the connection is dropped without an answer.",
            "drop_after", "create", "create_bulk",
        ),
        _rule(
            "rate-limit", "Rate limited", "Every request gets status 429, Retry-After 20 seconds.",
            "rate_limit", retry_after=20, reason="jira-burst-based",
        ),
        _denied(
            "no-create", "Permission denied", "Nobody may create issues, in any project.",
            "CREATE_ISSUES",
        ),
        _denied(
            "no-edit", "Editing denied", "Nobody may edit issues, in any project.", "EDIT_ISSUES",
        ),
        _denied(
            "no-browse", "Browsing lost", "Nobody sees any project or issue over the API.",
            "BROWSE_PROJECTS",
        ),
        Switch(
            "no-task", "Issue type removed", "No project has the type Task any more.",
            lambda now: any(place["type"] == "Task" for place in now.types_removed),
            lambda control, on: control.remove_type("Task", on=on),
        ),
        Switch(
            "no-due-date", "Due date off the screen", "No screen has the field Due date.",
            lambda now: any(place["field"] == "duedate" for place in now.fields_removed),
            lambda control, on: control.remove_field("duedate", on=on),
        ),
        Switch(
            "labels-required", "Labels required",
            "Every issue needs a label, and none is given by default.",
            lambda now: any(place["field"] == "labels" for place in now.fields_required),
            lambda control, on: control.require_field("labels", on=on),
        ),
        Switch(
            "validator", "A validator wants more",
            "Creating a Task needs the field Root cause, though its screen shows it as optional.",
            lambda now: bool(now.demands), _turn_validator,
        ),
        Switch(
            "resolution", "Done asks for a resolution",
            "Issues are done only by a screen that wants their resolution.",
            lambda now: any(place["workflow"] == "resolution" for place in now.workflows),
            lambda control, on: control.use_workflow("resolution", EVERY, site=EVERY, on=on),
        ),
        Switch(
            "send-back", "A rule reopens what is done",
            "Whatever is moved to Done goes back to In Progress at once.",
            lambda now: bool(now.send_backs),
            lambda control, on: control.send_back("Done", "In Progress", on=on),
        ),
        _value(
            "search-lag", "Search lags", "A search sees what was written 20 seconds ago.",
            "search_lag", 20.0, 0.0,
        ),
        _value(
            "no-webhooks", "Webhooks lost", "Webhooks stay registered and are never delivered.",
            "webhook_mode", "drop", "deliver",
        ),
        _value("german", "German", "Jira words its errors in German.", "language", "de", None),
    )
}  # fmt: skip
