"""The running stand-in: the world and what watches over the requests to it."""

from dataclasses import dataclass, field

from demo.jira_cloud.deliveries import Courier
from demo.jira_cloud.limits import Limits
from demo.jira_cloud.request_log import RequestLog
from demo.jira_cloud.world import World


@dataclass
class Cloud:
    """What every request handler is given."""

    world: World
    courier: Courier
    log: RequestLog = field(default_factory=RequestLog)
    limits: Limits = field(default_factory=Limits)
