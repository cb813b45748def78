"""How long a request to Atlassian may take, as the operator says it (design.md §9)."""

from datetime import timedelta

from flask import current_app


def of_requests(longest: float | None = None) -> tuple[float, float]:
    """Seconds to wait for a connection and for an answer; neither is more than `longest`."""
    config = current_app.config
    read = min(float(config["JIRA_TIMEOUT"]), longest or float("inf"))
    return min(float(config["JIRA_CONNECT_TIMEOUT"]), read), read


def longest_request() -> timedelta:
    """How long a request to Jira can be under way at the most."""
    return timedelta(seconds=sum(of_requests()))
