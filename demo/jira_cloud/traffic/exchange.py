"""One request from arrival to answer: log, weather, faults, the work itself, headers."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Request, Response

from demo.jira_cloud.answers.refusals import JiraRefusal, Refusal, unavailable
from demo.jira_cloud.machine import Names
from demo.jira_cloud.state.world import World
from demo.jira_cloud.traffic.faults import Verdict, judge
from demo.jira_cloud.traffic.limits import Limits
from demo.jira_cloud.traffic.request_log import Entry, RequestLog

# A response header that never leaves: it tells the server to hang up instead of answering.
DROP_HEADER = "X-Drop-Connection"
BODY_KEPT = 4_000


class Traffic:
    """The requests to one world: what came, and what is left of the limits."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.log = RequestLog()
        self.limits = Limits(world.clock)


@dataclass
class Answer:
    """A success. `points` is what it costs of the hourly quota."""

    status: int
    body: Any = None
    points: int = 2
    headers: dict[str, str] = field(default_factory=dict)


Work = Callable[[Entry, dict[str, str]], Answer]


def carry_out(traffic: Traffic, request: Request, operation: str, work: Work) -> Response:
    """Do the work under the weather of the moment. `work` gets the log entry and the headers."""
    data = request.get_data()
    world = traffic.world
    port = int(request.environ.get("REMOTE_PORT", 0))
    entry = traffic.log.begin(
        world.now(), operation, request.method, request.full_path, len(data), port
    )
    entry.body = _readable(data)
    started = world.clock.seconds()
    headers: dict[str, str] = {}
    status = 500
    try:
        response = _weathered(traffic, operation, entry, lambda: work(entry, headers))
        status = response.status_code
    except Refusal as refusal:
        response, status = refused(traffic, refusal), refusal.status
    finally:
        traffic.log.end(entry, status, (world.clock.seconds() - started) * 1000)
    response.headers.extend(headers)
    if world.conditions.near_limit:
        response.headers["X-RateLimit-NearLimit"] = "true"
    return response


def refused(traffic: Traffic, refusal: Refusal) -> Response:
    """The answer to a refusal; Jira's sentences get their language here."""
    if isinstance(refusal, JiraRefusal):
        return json_response(
            refusal.status, refusal.collection(traffic.world.conditions.language or "en")
        )
    if isinstance(refusal.body, str):
        response = Response(refusal.body, refusal.status, mimetype=refusal.media_type)
    else:
        response = json_response(refusal.status, refusal.body, refusal.media_type)
    response.headers.extend(refusal.headers)
    return response


def json_response(status: int, body: Any, media_type: str = "application/json") -> Response:
    """JSON, or nothing at all for None."""
    text = "" if body is None else json.dumps(body, ensure_ascii=False)
    return Response(text, status, mimetype=media_type)


def mark(response: Response, names: Names) -> Response:
    """Give the answer the ids by which Atlassian's support finds it again."""
    response.headers.setdefault("X-Arequestid", names.trace())
    response.headers.setdefault("Atl-Traceid", names.trace())
    return response


def _weathered(
    traffic: Traffic, operation: str, entry: Entry, act: Callable[[], Answer]
) -> Response:
    verdict = _verdict(traffic, operation)
    if verdict.delay:
        traffic.world.clock.wait(verdict.delay)
    if verdict.drop == "before":
        entry.fault = "drop_before"
        return _dropped()
    if verdict.refusal is not None:
        entry.fault = f"refused {verdict.refusal.status}"
        raise verdict.refusal
    with traffic.world.transaction():
        answer = act()
        traffic.limits.spend(answer.points, traffic.world.now())
    entry.done = True
    if verdict.drop == "after":
        entry.fault = "drop_after"
        return _dropped()
    response = json_response(answer.status, answer.body)
    response.headers.extend(answer.headers)
    return response


def _verdict(traffic: Traffic, operation: str) -> Verdict:
    world = traffic.world
    with world.transaction():
        if world.conditions.down:
            raise unavailable()
        before = len(world.conditions.rules)
        verdict = judge(world.conditions.rules, operation, world.dice)
        if len(world.conditions.rules) != before:
            world.keep_conditions()
        return verdict


def _dropped() -> Response:
    response = Response("")
    # The log shows 0 for a connection that was dropped.
    response.status_code = 0
    response.headers[DROP_HEADER] = "1"
    return response


def _readable(data: bytes) -> Any:
    """The body for the log, with nothing secret of OAuth kept."""
    try:
        body = json.loads(data) if len(data) <= BODY_KEPT else None
    except ValueError:
        return None
    if isinstance(body, dict) and "client_secret" in body:
        return {"grant_type": body.get("grant_type")}
    return body
