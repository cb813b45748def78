"""What requests cost of the points that Atlassian gives an app for an hour.

One for each request, and one for each object that it touches; two where the object is a person or
a permission. Source: jira-platform.md §4.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

OF_PEOPLE = {"assignable_people", "people", "myself", "permissions"}
# Where a request or an answer lists what it is about.
_ASKED = ("issueUpdates", "issueIdsOrKeys", "webhookIds", "webhooks")
_LISTED = ("issues", "issueChangeLogs", "values", "fields", "issueTypes", "results", "projects")
# How Jira tells what is left of them, past four fifths; the prefix goes when they are enforced.
_HEADERS = ("RateLimit", "Beta-RateLimit")
# The quotas of points by name, and whether each site has its own: the headers tell of bursts, too.
_QUOTAS = {"global-app-quota": False, "tenant-app-quota": True}
_POLICY = re.compile(r'(?:^|,)\s*"(?P<name>[^"]*)"(?P<told>[^",]*)')
_LEFT = re.compile(r"(?=.*;\s*r=(?P<points>\d{1,9})\b)(?=.*;\s*t=(?P<seconds>\d{1,6})\b)")


class Left(NamedTuple):
    """What Jira says is left: so many points, for so many seconds.

    of_site: of the points of the site that answered, not of those that all share.
    """

    points: int
    seconds: int
    of_site: bool = False


def left_of(headers: Mapping[str, str]) -> Left | None:
    """What an answer tells of the points that are left; None where it tells nothing."""
    for header in _HEADERS:
        for policy in _POLICY.finditer(headers.get(header, "")):
            left = _LEFT.match(policy["told"])
            if left and policy["name"] in _QUOTAS:
                return Left(int(left["points"]), int(left["seconds"]), _QUOTAS[policy["name"]])
    return None


def of_creates(issues: int) -> int:
    """What it costs to create so many at once, and to read back which is whose."""
    return 1 + issues if issues == 1 else 2 * (1 + issues)


def of_edit() -> int:
    """What it costs to edit an issue, which the answer shows."""
    return 2


def of_reads(issues: int) -> int:
    """What it costs to read so many with one request."""
    return 1 + issues


def of_request(operation: str, asked: Any, answered: Callable[[], Any]) -> int:
    """What a request has cost. asked: its body. answered: reads the body of the answer."""
    weight = 2 if operation in OF_PEOPLE else 1
    return 1 + weight * _objects(asked, answered)


def _objects(asked: Any, answered: Callable[[], Any]) -> int:
    named = _lengths(asked, _ASKED)
    if named:
        return max(named)
    try:
        body = answered()
    except ValueError:
        return 1
    listed = [len(body)] if isinstance(body, list) else _lengths(body, _LISTED)
    return max(listed, default=1)


def _lengths(body: Any, names: Collection[str]) -> list[int]:
    if not isinstance(body, dict):
        return []
    return [len(body[name]) for name in names if isinstance(body.get(name), list)]
