"""Which endpoint a method and path lead to."""

from collections.abc import Iterable

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from demo.jira_cloud.answers.refusals import Refusal, unknown_path
from demo.jira_cloud.traffic.exchange import Endpoint
from demo.jira_cloud.traffic.messages import Request


class Routes:
    """The endpoints of one address; `<name>` in a path is a variable part."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        rules = [Rule(each.path, methods=[each.method], endpoint=each) for each in endpoints]
        self._table = Map(rules, merge_slashes=False).bind("")

    def find(self, request: Request) -> tuple[Endpoint, dict[str, str]]:
        """The endpoint and the variable parts of the path. Raises Jira's 404 or 405."""
        try:
            endpoint, path = self._table.match(request.path, request.method)
        except NotFound:
            raise unknown_path(request.path) from None
        except MethodNotAllowed as error:
            messages = [str(error.description)]
            raise Refusal(405, {"errorMessages": messages, "errors": {}}) from None
        return endpoint, dict(path)
