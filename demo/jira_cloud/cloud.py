"""The whole stand-in: what it knows, what is asked of it, what it delivers, and its controls."""

from dataclasses import dataclass

from demo.jira_cloud.control import Control
from demo.jira_cloud.deliveries import Courier
from demo.jira_cloud.exchange import Traffic
from demo.jira_cloud.world import World


@dataclass(frozen=True)
class Cloud:
    """What the pages and the server are given."""

    world: World
    traffic: Traffic
    courier: Courier
    control: Control
