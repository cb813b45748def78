"""One request from arrival to answer: log, weather, faults, the work itself, headers."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from typing import Any

from demo.jira_cloud.answers.refusals import JiraRefusal, Refusal, unavailable
from demo.jira_cloud.state.world import World
from demo.jira_cloud.traffic.faults import Fault, fault_of
from demo.jira_cloud.traffic.limits import Limits
from demo.jira_cloud.traffic.messages import (
    Dropped,
    Outcome,
    Request,
    Response,
    html_response,
    json_response,
)
from demo.jira_cloud.traffic.request_log import Entry, RequestLog

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


@dataclass(frozen=True)
class Exchange:
    """A request while it is worked on.

    `path` has the variable parts of its path; `headers` go with every answer, a refusal included.
    """

    traffic: Traffic
    request: Request
    path: dict[str, str]
    entry: Entry
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Endpoint:
    """What answers a method and path; `operation` is its name in the log and in faults."""

    operation: str
    method: str
    path: str
    work: Callable[[Exchange], Answer]


def carry_out(
    traffic: Traffic, endpoint: Endpoint, path: dict[str, str], request: Request
) -> Outcome:
    """Do the endpoint's work under the weather of the moment."""
    clock = traffic.world.clock
    entry = traffic.log.begin(clock.now(), endpoint.operation, request)
    entry.body = _readable(request.body)
    exchange = Exchange(traffic, request, path, entry)
    started = clock.seconds()
    status = 500
    try:
        outcome = _weathered(exchange, endpoint)
        status = outcome.status
    except Refusal as refusal:
        outcome, status = refused(traffic.world, refusal), refusal.status
    finally:
        traffic.log.end(entry, status, (clock.seconds() - started) * 1000)
    if isinstance(outcome, Response):
        outcome.headers.extend(exchange.headers)
        if traffic.world.conditions.near_limit:
            outcome.headers["X-RateLimit-NearLimit"] = "true"
    return outcome


def refused(world: World, refusal: Refusal) -> Response:
    """The answer to a refusal; Jira's sentences get their language here."""
    if isinstance(refusal, JiraRefusal):
        language = world.conditions.language or "en"
        return json_response(refusal.status, refusal.collection(language))
    if isinstance(refusal.body, str):
        response = html_response(refusal.status, refusal.body)
    else:
        response = json_response(refusal.status, refusal.body, refusal.media_type)
    response.headers.extend(refusal.headers)
    return response


def mark(response: Response, world: World) -> None:
    """Give the answer its time, and the ids by which Atlassian's support finds it again."""
    response.headers.setdefault("Date", format_datetime(world.now(), usegmt=True))
    response.headers.setdefault("X-Arequestid", world.names.trace())
    response.headers.setdefault("Atl-Traceid", world.names.trace())


def _weathered(exchange: Exchange, endpoint: Endpoint) -> Outcome:
    world, entry = exchange.traffic.world, exchange.entry
    fault = _fault(world, endpoint.operation)
    if fault.delay:
        world.clock.wait(fault.delay)
    if fault.drop == "before":
        entry.fault = "drop_before"
        return Dropped(done=False)
    if fault.refusal is not None:
        entry.fault = f"refused {fault.refusal.status}"
        raise fault.refusal
    with world.transaction():
        answer = endpoint.work(exchange)
        exchange.traffic.limits.spend(answer.points, world.now())
    entry.done = True
    if fault.drop == "after":
        entry.fault = "drop_after"
        return Dropped(done=True)
    response = json_response(answer.status, answer.body)
    response.headers.extend(answer.headers)
    if fault.truncates:
        entry.fault = "truncate"
        return replace(response, body=response.body[: len(response.body) // 2])
    return response


def _fault(world: World, operation: str) -> Fault:
    with world.transaction():
        if world.conditions.down:
            raise unavailable()
        before = len(world.conditions.rules)
        fault = fault_of(world.conditions.rules, operation, world.dice)
        if len(world.conditions.rules) != before:
            world.keep_conditions()
        return fault


def _readable(data: bytes) -> Any:
    """The body for the log, with nothing secret of OAuth kept."""
    try:
        body = json.loads(data) if len(data) <= BODY_KEPT else None
    except ValueError:
        return None
    if isinstance(body, dict) and "client_secret" in body:
        return {"grant_type": body.get("grant_type")}
    return body
