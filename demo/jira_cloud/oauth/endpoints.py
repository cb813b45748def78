"""auth.atlassian.com/oauth/token and api.atlassian.com/oauth/token/accessible-resources."""

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qsl

from demo.jira_cloud.answers.refusals import oauth_error
from demo.jira_cloud.oauth import tokens
from demo.jira_cloud.state.world import World
from demo.jira_cloud.traffic.exchange import Answer, Endpoint, Exchange
from demo.jira_cloud.traffic.messages import Request


def token(exchange: Exchange) -> Answer:
    """A code or a refresh token for a pair (jira-platform.md §1.3, §1.4)."""
    world, fields = exchange.traffic.world, _fields(exchange.request)
    tokens.forget_stale(world)
    grant_type = fields.get("grant_type")
    if grant_type not in ("authorization_code", "refresh_token"):
        sentence = "grant_type must be one of [authorization_code|refresh_token|client_credentials]"
        raise oauth_error(400, "invalid_request", sentence)
    tokens.check_client(world, fields.get("client_id"), fields.get("client_secret"))
    if grant_type == "refresh_token":
        return Answer(200, tokens.rotate(world, str(fields.get("refresh_token"))))
    return Answer(200, _by_code(world, fields))


def accessible_resources(exchange: Exchange) -> Answer:
    """The sites that the token reaches."""
    return Answer(200, tokens.resources(exchange.traffic.world, _caller(exchange)))


ENDPOINTS = (
    Endpoint("token", "POST", "/oauth/token", token),
    Endpoint("resources", "GET", "/oauth/token/accessible-resources", accessible_resources),
)


def _caller(exchange: Exchange) -> tokens.Caller:
    authorization = exchange.request.headers.get("Authorization")
    caller = tokens.caller_of(exchange.traffic.world, authorization)
    exchange.entry.account = caller.account.id
    return caller


def _fields(request: Request) -> dict[str, Any]:
    """The fields of the body, JSON or form. HTTP Basic is documented nowhere and not read."""
    try:
        if request.media_type == "application/x-www-form-urlencoded":
            return dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise oauth_error(400, "invalid_request", "Incorrect request parameters")
    return body


def _by_code(world: World, fields: dict[str, Any]) -> dict[str, Any]:
    entry = tokens.take_code(world, str(fields.get("code")))
    if fields.get("redirect_uri") != entry["redirect_uri"]:
        raise oauth_error(400, "invalid_request", "redirect_uri is invalid")
    challenge = entry["challenge"]
    if challenge is not None and _challenge(fields.get("code_verifier")) != challenge:
        raise oauth_error(400, "invalid_request", "code_verifier is invalid")
    return tokens.issue_pair(world, entry["family"])


def _challenge(verifier: Any) -> str:
    digest = hashlib.sha256(str(verifier).encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
