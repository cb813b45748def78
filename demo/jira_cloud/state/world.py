"""Everything that the stand-in knows, behind one lock."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from demo.jira_cloud.catalog.sites import SITES, Site
from demo.jira_cloud.machine import Machine
from demo.jira_cloud.state.conditions import Conditions
from demo.jira_cloud.state.store import Store, Table

CLIENT_ID = "unpack-demo"
CLIENT_SECRET = "unpack-demo-secret"  # noqa: S105 - a demo has nothing to hide
REDIRECT_URI = "http://localhost:5050/integrations/jira/callback"
SCOPES = (
    "read:jira-work",
    "write:jira-work",
    "read:jira-user",
    "manage:jira-webhook",
    "offline_access",
)


@dataclass(frozen=True)
class Settings:
    """The app's entry in the developer console, and where the stand-in is reached."""

    base_url: str = "http://localhost:5051"
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    redirect_uris: tuple[str, ...] = (REDIRECT_URI,)
    scopes: tuple[str, ...] = SCOPES


@dataclass
class Search:
    """What the search index knows: for each issue its versions and when they get visible."""

    versions: dict[str, list[tuple[datetime, dict[str, Any] | None]]] = field(default_factory=dict)


class World:
    """State and settings, on a machine. Use it inside `transaction`."""

    def __init__(
        self, settings: Settings, path: Path | None = None, machine: Machine | None = None
    ) -> None:
        self.settings = settings
        self._first_settings = settings
        machine = machine or Machine()
        self.clock, self.names, self.dice = machine.clock, machine.names, machine.dice
        self.now = self.clock.now
        self.search = Search()
        self.events: list[Callable[[dict[str, Any]], None]] = []
        self._lock = threading.RLock()
        self._store = Store(path)
        self.conditions = Conditions.load(self.table("conditions").get("now", {}))

    def table(self, name: str) -> Table:
        """The documents of one kind."""
        return self._store.table(name)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Alone in the world until the end; then everything written lasts."""
        with self._lock:
            try:
                yield
            finally:
                self._store.commit()

    def keep_conditions(self) -> None:
        """Make a change of `conditions` last."""
        self.table("conditions")["now"] = self.conditions.dump()

    def next_number(self, name: str, first: int) -> int:
        """Counts upwards, separately for each name."""
        counters = self.table("counters")
        number: int = counters.get(name, {"next": first})["next"]
        counters[name] = {"next": number + 1}
        return number

    def adjust(self, **changes: Any) -> None:
        """Change settings such as the client secret while running."""
        self.settings = replace(self.settings, **changes)

    def site_url(self, site: Site) -> str:
        """Where people find the site: a subdomain with the stand-in's own port."""
        scheme, _, rest = self.settings.base_url.partition("://")
        _, colon, port = rest.rpartition(":")
        return f"{scheme}://{site.slug}.localhost{colon}{port}"

    def api_url(self, site: Site) -> str:
        """What `self` links begin with (jira-platform.md §1.6)."""
        return f"{self.settings.base_url}/ex/jira/{site.cloud_id}/rest/api/3"

    def live_sites(self) -> list[Site]:
        """The sites that have not gone, in the order of accessible-resources."""
        return [site for site in SITES.values() if site.slug not in self.conditions.sites_gone]

    def clear(self) -> None:
        """Forget everything: issues, grants, webhooks, weather, changes of the console."""
        self._store.clear()
        self.settings = self._first_settings
        self.conditions = Conditions()
        self.search = Search()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._store.close()
