"""The whole stand-in in one object, without a socket and without a thread."""

from pathlib import Path

from demo.jira_cloud.answers.refusals import Refusal
from demo.jira_cloud.control.verbs import Control
from demo.jira_cloud.machine import Machine
from demo.jira_cloud.oauth import endpoints
from demo.jira_cloud.rest import operations
from demo.jira_cloud.state import search_index
from demo.jira_cloud.state.world import Settings, World
from demo.jira_cloud.traffic.exchange import Traffic, carry_out, mark, refused
from demo.jira_cloud.traffic.messages import Outcome, Request, Response
from demo.jira_cloud.traffic.routes import Routes
from demo.jira_cloud.webhooks.deliveries import Deliveries

ROUTES = Routes([*endpoints.ENDPOINTS, *operations.ENDPOINTS])


class Cloud:
    """auth.atlassian.com and api.atlassian.com: `handle` answers, `control` plays everybody else.

    Somebody must pump `deliveries`: take what is due, post it, settle it. State lives in memory
    unless a path is given.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        state_path: Path | None = None,
        machine: Machine | None = None,
    ) -> None:
        self.world = World(settings or Settings(), state_path, machine)
        search_index.rebuild(self.world)
        self.traffic = Traffic(self.world)
        self.deliveries = Deliveries(self.world)
        self.control = Control(self.world, self.traffic, self.deliveries)

    def handle(self, request: Request) -> Outcome:
        """Carry out one request. The answer may be that the connection is dropped.

        A delay is waited for on the machine's clock before the request takes effect.
        """
        try:
            endpoint, path = ROUTES.find(request)
        except Refusal as refusal:
            outcome: Outcome = refused(self.world, refusal)
        else:
            outcome = carry_out(self.traffic, endpoint, path, request)
        if isinstance(outcome, Response):
            mark(outcome, self.world)
        return outcome

    def close(self) -> None:
        """Close the file, if there is one."""
        self.world.close()
