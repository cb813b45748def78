"""Follow-through in a sentence, for home and for the digest. Pure."""

from dataclasses import dataclass

from app.services.counts import Count
from app.services.follow_through.periods import DEFAULT
from app.services.follow_through.reports import Shares
from app.services.labels import plural


@dataclass(frozen=True)
class Summary:
    """`strong`, which stands out, and what follows it."""

    strong: str
    rest: str = ""


def on_home(shares: Shares, overdue: Count) -> Summary | None:
    """What of a person's teams is done; None while there is too little to say."""
    if not shares.now.sayable:
        return None
    rest = []
    if shares.before.sayable:
        rest.append(f"{shares.before.percent} % in the {DEFAULT} months before.")
    if overdue:
        rest.append(f"{overdue} {'is' if overdue == 1 else 'are'} overdue.")
    strong = f"{shares.now.percent} % of what was decided is done within 30 days."
    return Summary(strong, " ".join(rest))


def in_digest(team_name: str, shares: Shares) -> Summary | None:
    """How a team follows through now, and against a month ago."""
    if not shares.now.sayable:
        return None
    strong = f"{team_name} follows through on {shares.now.percent} %"
    if not shares.before.sayable:
        return Summary(strong, "within 30 days.")
    change = shares.now.percent - shares.before.percent
    if not change:
        return Summary(strong, "within 30 days, as a month ago.")
    points = plural(abs(change), "point")
    than = "more" if change > 0 else "less"
    return Summary(strong, f"within 30 days, {points} {than} than a month ago.")
