"""Trouble on purpose: rules that say which requests get slow, fail or lose their connection."""

from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any

from demo.jira_cloud.answers.refusals import Refusal, too_many_requests, unavailable
from demo.jira_cloud.machine import Dice

KINDS = (
    "latency",
    "error",
    "unavailable",
    "rate_limit",
    "status",
    "drop_before",
    "drop_after",
    "truncate",
)


@dataclass
class Rule:
    """One kind of trouble. `times` counts down; None goes on until the rule is cleared.

    `operations` are names or patterns such as `webhook_*`; `skip` lets the first ones through.
    """

    kind: str
    operations: list[str] = field(default_factory=lambda: ["*"])
    probability: float = 1.0
    times: int | None = None
    skip: int = 0
    min_ms: int = 0
    max_ms: int = 0
    retry_after: int | None = None
    reason: str | None = None
    status: int = 500
    body: Any = None
    id: str = ""

    @classmethod
    def load(cls, document: dict[str, Any]) -> "Rule":
        """From JSON. ValueError with a sentence when it is not a rule."""
        known = {each.name for each in fields(cls)}
        unknown = set(document) - known
        if unknown:
            raise ValueError(f"A rule has no {', '.join(sorted(unknown))}.")
        if document.get("kind") not in KINDS:
            raise ValueError(f"The kind of a rule is one of {', '.join(KINDS)}.")
        return cls(**document)


@dataclass(frozen=True)
class Fault:
    """What befalls one request: it is late, refused, or its answer gets lost."""

    delay: float = 0.0
    refusal: Refusal | None = None
    drop: str = ""
    truncates: bool = False


def fault_of(rules: list[dict[str, Any]], operation: str, dice: Dice) -> Fault:
    """Roll for each rule that fits, in order. Delays add up; the first failure decides.

    The rules are counted down in place.
    """
    delay, failure = 0.0, None
    for document in list(rules):
        rule = Rule.load(document)
        if failure is not None and rule.kind != "latency":
            continue
        if not any(fnmatchcase(operation, pattern) for pattern in rule.operations):
            continue
        if not _fires(document, rule, rules, dice):
            continue
        if rule.kind == "latency":
            delay += dice.uniform(rule.min_ms, max(rule.min_ms, rule.max_ms)) / 1000
        else:
            failure = rule
    if failure is None:
        return Fault(delay)
    drop = failure.kind.removeprefix("drop_") if failure.kind.startswith("drop_") else ""
    if drop or failure.kind == "truncate":
        return Fault(delay, drop=drop, truncates=not drop)
    return Fault(delay, _refusal(failure))


def _fires(document: dict[str, Any], rule: Rule, rules: list[dict[str, Any]], dice: Dice) -> bool:
    if rule.skip > 0:
        document["skip"] = rule.skip - 1
        return False
    if rule.probability < 1.0 and dice.random() >= rule.probability:
        return False
    if rule.times is not None:
        document["times"] = rule.times - 1
        if rule.times <= 1:
            rules.remove(document)
    return True


def _refusal(rule: Rule) -> Refusal:
    if rule.kind == "unavailable":
        return unavailable()
    if rule.kind == "rate_limit":
        return too_many_requests(rule.retry_after, rule.reason)
    if rule.kind == "status":
        return Refusal(rule.status, rule.body, media_type=_media_type(rule.body))
    return Refusal(500, {"errorMessages": ["Internal server error"], "errors": {}})


def _media_type(body: Any) -> str:
    return "text/html" if isinstance(body, str) else "application/json"
