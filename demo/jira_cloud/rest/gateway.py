"""api.atlassian.com/ex/jira/{cloud id}: who calls, with which scope, and which operation it is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from demo.jira_cloud.answers.refusals import (
    BareRefusal,
    JiraRefusal,
    scope_does_not_match,
    unknown_site,
)
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.sites import Site, site_by_cloud_id
from demo.jira_cloud.oauth import tokens
from demo.jira_cloud.state.records import Desk
from demo.jira_cloud.traffic.exchange import Answer, Exchange, Traffic
from demo.jira_cloud.traffic.messages import Request

READ = "read:jira-work"
WRITE = "write:jira-work"
PEOPLE = "read:jira-user"
WEBHOOKS = "manage:jira-webhook"


@dataclass(frozen=True)
class Call:
    """One REST call, with everything checked that does not depend on the operation."""

    traffic: Traffic
    desk: Desk
    request: Request
    path: dict[str, str]

    @property
    def query(self) -> MultiDict[str, str]:
        """The parameters of the query."""
        return self.request.parameters

    def body(self) -> Any:
        """The JSON body. Raises Jira's 415 or 400 when it is none."""
        if self.request.media_type != "application/json":
            raise BareRefusal(415, text("content_type"))
        try:
            return json.loads(self.request.body, parse_constant=_no_constant)
        except ValueError:
            raise BareRefusal(400, text("bad_json")) from None

    def object(self, *known: str) -> dict[str, Any]:
        """The JSON body, which must be an object with no other properties than these."""
        body = self.body()
        if not isinstance(body, dict) or not set(body) <= set(known):
            raise BareRefusal(400, text("bad_payload"))
        return body

    def number(self, name: str, default: int, most: int | None = None) -> int:
        """A whole, non-negative query parameter; above `most` it is cut to that."""
        words = self.query.get(name, str(default))
        if not words.isdecimal():
            raise JiraRefusal(400, text("bad_parameter", name=name))
        return int(words) if most is None else min(int(words), most)

    def words(self, name: str) -> list[str]:
        """A list parameter, repeated or with commas."""
        return [word for value in self.query.getlist(name) for word in value.split(",") if word]


@dataclass(frozen=True)
class Operation:
    """What is registered for a method and path below /rest/api/3."""

    name: str
    method: str
    path: str
    scopes: frozenset[str]
    query: frozenset[str]
    run: Callable[[Call], Answer]


OPERATIONS: list[Operation] = []


def rest(
    name: str, method: str, path: str, *scopes: str, query: str = ""
) -> Callable[[Callable[[Call], Answer]], Callable[[Call], Answer]]:
    """Register a function as an operation; `query` names its parameters, apart by spaces."""

    def register(run: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
        known = frozenset(query.split())
        OPERATIONS.append(Operation(name, method, path, frozenset(scopes), known, run))
        return run

    return register


def texts(body: dict[str, Any], name: str) -> list[str]:
    """A property of the body that is a list of strings, empty when left out."""
    value = body.get(name) or []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise BareRefusal(400, text("bad_payload"))
    return value


def answer(operation: Operation, exchange: Exchange) -> Answer:
    """Check token, site, scopes, limits and parameters, then run the operation."""
    traffic, request = exchange.traffic, exchange.request
    caller = tokens.caller_of(traffic.world, request.headers.get("Authorization"))
    exchange.entry.account = caller.account.id
    site = _site(exchange, caller)
    exchange.entry.site = site.slug
    if not operation.scopes <= caller.scopes:
        raise scope_does_not_match()
    _count(traffic, site, operation, exchange.headers)
    unknown = set(request.parameters) - operation.query
    if unknown:
        raise JiraRefusal(400, text("unknown_parameter", name=sorted(unknown)[0]))
    desk = Desk(traffic.world, site, caller.account)
    return operation.run(Call(traffic, desk, request, exchange.path))


def _site(exchange: Exchange, caller: tokens.Caller) -> Site:
    site = site_by_cloud_id(exchange.path["cloud_id"])
    if site is None or site.slug not in caller.sites:
        raise unknown_site(exchange.request.path, exchange.traffic.world.now())
    return site


def _count(traffic: Traffic, site: Site, operation: Operation, headers: dict[str, str]) -> None:
    if not traffic.world.conditions.limits:
        return
    now = traffic.world.now()
    name, method = operation.name, operation.method
    left = traffic.limits.enter(site.slug, name, method, now)
    headers.update(traffic.limits.headers(name, method, left, now))


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
