"""The whole stand-in: what it knows, what is asked of it, what it delivers, and its controls."""

from dataclasses import dataclass

from demo.jira_cloud.control.verbs import Control
from demo.jira_cloud.state.world import World
from demo.jira_cloud.traffic.exchange import Traffic
from demo.jira_cloud.webhooks.deliveries import Courier


@dataclass(frozen=True)
class Cloud:
    """What the pages and the server are given."""

    world: World
    traffic: Traffic
    courier: Courier
    control: Control
