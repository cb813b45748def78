"""auth.atlassian.com/oauth/token and api.atlassian.com/oauth/token/accessible-resources."""

import base64
import hashlib
import json
from typing import Any

from flask import Blueprint, Request, Response, current_app, request

from demo.jira_cloud.answers.refusals import oauth_error, scope_does_not_match
from demo.jira_cloud.oauth import tokens
from demo.jira_cloud.state.world import World
from demo.jira_cloud.traffic.exchange import Answer, Traffic, carry_out

blueprint = Blueprint("oauth", __name__)


@blueprint.post("/oauth/token")
def token() -> Response:
    """A code or a refresh token for a pair (jira-platform.md §1.3, §1.4)."""
    traffic: Traffic = current_app.extensions["cloud"].traffic
    return carry_out(
        traffic, request, "token", lambda *_: _exchange(traffic.world, _fields(request))
    )


@blueprint.get("/oauth/token/accessible-resources")
def accessible_resources() -> Response:
    """The sites that the token reaches."""
    traffic: Traffic = current_app.extensions["cloud"].traffic

    def work(entry: Any, _: dict[str, str]) -> Answer:
        caller = tokens.caller_of(traffic.world, request.headers.get("Authorization"))
        entry.account = caller.account.id
        return Answer(200, tokens.resources(traffic.world, caller))

    return carry_out(traffic, request, "resources", work)


@blueprint.get("/me")
def me() -> Response:
    """Needs `read:me`, which the console does not offer by default."""
    traffic: Traffic = current_app.extensions["cloud"].traffic

    def work(entry: Any, _: dict[str, str]) -> Answer:
        caller = tokens.caller_of(traffic.world, request.headers.get("Authorization"))
        entry.account = caller.account.id
        if "read:me" not in caller.scopes:
            raise scope_does_not_match()
        account = caller.account
        return Answer(200, {"account_id": account.id, "name": account.name, "email": account.email})

    return carry_out(traffic, request, "me", work)


def _fields(incoming: Request) -> dict[str, Any]:
    """The fields of the body, JSON or form. HTTP Basic is documented nowhere and not read."""
    if incoming.mimetype == "application/x-www-form-urlencoded":
        return dict(incoming.form)
    try:
        body = json.loads(incoming.get_data())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise oauth_error(400, "invalid_request", "Incorrect request parameters")
    return body


def _exchange(world: World, fields: dict[str, Any]) -> Answer:
    tokens.forget_stale(world)
    grant_type = fields.get("grant_type")
    if grant_type not in ("authorization_code", "refresh_token"):
        sentence = "grant_type must be one of [authorization_code|refresh_token|client_credentials]"
        raise oauth_error(400, "invalid_request", sentence)
    tokens.check_client(world, fields.get("client_id"), fields.get("client_secret"))
    if grant_type == "refresh_token":
        return Answer(200, tokens.rotate(world, str(fields.get("refresh_token"))))
    return Answer(200, _by_code(world, fields))


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
