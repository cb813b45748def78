"""Starting and stopping the stand-in, in this process or as one of its own."""

from collections.abc import Sequence
from pathlib import Path

from demo.jira_cloud.cloud import Cloud
from demo.jira_cloud.machine import Machine, in_background
from demo.jira_cloud.serving.front_door import FrontDoor
from demo.jira_cloud.serving.http_server import Server
from demo.jira_cloud.serving.sender import Sender
from demo.jira_cloud.state.world import (
    CLIENT_ID,
    CLIENT_SECRET,
    REDIRECT_URI,
    Settings,
)


class RunningJiraCloud:
    """A stand-in that answers at `url`, until `stop`."""

    def __init__(self, server: Server, cloud: Cloud) -> None:
        self.control = cloud.control
        self.url = cloud.world.settings.base_url
        self._server = server
        self._cloud = cloud
        self._sender = Sender(cloud.deliveries, cloud.world.clock)
        self._thread = in_background(lambda: server.serve_forever(poll_interval=0.05))

    def stop(self) -> None:
        """Stop answering and close the state."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._sender.end()
        self._cloud.close()


def start(
    port: int = 0,
    state_path: str | Path | None = None,
    client_id: str = CLIENT_ID,
    client_secret: str = CLIENT_SECRET,
    redirect_uris: Sequence[str] = (REDIRECT_URI,),
    host: str = "127.0.0.1",
    machine: Machine | None = None,
) -> RunningJiraCloud:
    """Serve in threads of this process; port 0 takes a free one. OSError when it is taken.

    State lives in memory unless a path is given; another `machine` has a clock of its own.
    """
    server = Server(host, port)
    settings = Settings(
        base_url=f"http://localhost:{server.server_port}",
        client_id=client_id,
        client_secret=client_secret,
        redirect_uris=tuple(redirect_uris),
    )
    path = None if state_path is None else Path(state_path)
    cloud = Cloud(settings, path, machine)
    server.handle = FrontDoor(cloud).handle
    return RunningJiraCloud(server, cloud)
