"""The verbs about webhooks and their deliveries."""

from typing import Any

from demo.jira_cloud.catalog.accounts import ACCOUNTS
from demo.jira_cloud.control.screen_verbs import ScreenControl

MODES = ("deliver", "drop", "duplicate", "reorder")


class WebhookControl(ScreenControl):
    """A part of the control interface; see `control.Control`."""

    def webhooks(self, site: str | None = None) -> list[dict[str, Any]]:
        """The registered webhooks of a site or of all, whoever registered them, expired too."""
        with self._world.transaction():
            return [
                {**webhook, "account": ACCOUNTS[webhook["account"]].email}
                for webhook in self._world.table("webhooks").values()
                if site in (None, webhook["site"])
            ]

    def delete_webhooks(self) -> None:
        """Let Jira lose every registration."""
        with self._world.transaction():
            self._world.table("webhooks").clear()

    def age_webhooks(self, days: float) -> None:
        """Bring the end of every registration nearer by so many days."""
        table = self._world.table("webhooks")
        with self._world.transaction():
            for place, webhook in table.items():
                end = webhook["expires_at"] - days * 24 * 3600
                table[place] = {**webhook, "expires_at": end}

    def webhook_mode(self, mode: str) -> None:
        """deliver, drop (never sent), duplicate (sent twice) or reorder (up to a second late)."""
        if mode not in MODES:
            raise ValueError(f"The mode is one of {', '.join(MODES)}.")
        self.set(webhook_mode=mode)

    def deliveries(self, state: str | None = None) -> list[dict[str, Any]]:
        """The deliveries, oldest first, with their tries; all or those in one state."""
        found = self._deliveries.listed()
        return [each for each in found if state in (None, each["state"])]

    def wait_for_deliveries(self, seconds: float = 10.0) -> bool:
        """Wait until every delivery is settled; returns whether that came true in time."""
        return self._deliveries.wait(seconds)
