"""The control interface over HTTP: POST /_control/<verb> with the arguments as a JSON object."""

import inspect
import json
from ipaddress import ip_address
from typing import Any

from demo.jira_cloud.control.verbs import Control
from demo.jira_cloud.traffic.messages import Request, Response, json_response

PREFIX = "/_control/"


def answer(control: Control, request: Request) -> Response:
    """Do what is asked: {"result": …} or {"error": a sentence}. GET lists the verbs."""
    # Nobody on the network may play with it.
    if not ip_address(request.address).is_loopback:
        return _error(403, "The control interface answers this machine only.")
    verb = request.path.removeprefix(PREFIX)
    if not verb and request.method == "GET":
        return json_response(200, verbs())
    if request.method != "POST":
        return _error(405, "A verb is posted.")
    if verb not in verbs():
        return _error(404, f"There is no verb {verb}.")
    arguments = _arguments(request)
    if not isinstance(arguments, dict):
        return _error(400, "The body is a JSON object of arguments.")
    positional = arguments.pop("arguments", [])
    try:
        result: Any = getattr(control, verb)(*positional, **arguments)
    except (ValueError, TypeError) as error:
        return _error(400, str(error))
    return json_response(200, {"result": result})


def verbs() -> dict[str, str]:
    """Every verb with its signature."""
    return {
        name: str(inspect.signature(function))
        for name, function in inspect.getmembers(Control, inspect.isfunction)
        if not name.startswith("_")
    }


def _arguments(request: Request) -> Any:
    if not request.body:
        return {}
    # A page of somebody else cannot send this media type without asking first.
    if request.media_type != "application/json":
        return None
    try:
        return json.loads(request.body)
    except ValueError:
        return None


def _error(status: int, sentence: str) -> Response:
    return json_response(status, {"error": sentence})
