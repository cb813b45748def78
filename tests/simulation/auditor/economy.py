"""What the engine may cost: requests in a calm hour, and rows in the end."""

from collections import Counter
from datetime import timedelta

from tests.simulation.auditor.memory import Customer, Memory, Rows

HOUR = 3600.0
AN_ISSUE_READ = 100  # so many in a request
# How long rows are kept here (installation.py), and the delay of a ticker that is not needed.
KEPT = timedelta(hours=8)
DELAY = timedelta(hours=2)
GROWS = {
    "deliveries": "SELECT count(*) AS n FROM webhook_delivery WHERE received_at < :before",
    "entries": "SELECT count(*) AS n FROM sync_entry WHERE state = 'synced'"
    " AND updated_at < :before",
    "looks": "SELECT count(*) - 51 AS n FROM reconciliation GROUP BY connection_id ORDER BY 1 DESC",
}


class Economy:
    """Counts requests and rows."""

    memory: Memory
    rows: Rows
    requests: list[tuple[float, str, int | None]]

    def calm_hour(self) -> None:
        """Nothing has happened for an hour: who still asks Jira, and how often?"""
        since = self.memory.now - HOUR
        for customer in self.memory.customers.values():
            asked = Counter(
                operation
                for at, operation, about in self.requests
                if at >= since and about == customer.connection
            )
            for operation, most in self._budget(customer).items():
                if asked[operation] > most:
                    what = f"{asked[operation]} x {operation} in a calm hour, {most} at most"
                    self.memory.find("call-budget", what)

    def _budget(self, customer: Customer) -> dict[str, int]:
        """Two looks at all issues begin in an hour at most, each a hundred a request, and four at
        the latest, each one request."""
        issues = sum(len(self.memory.issues_of(item)) for item in self.memory.items_of(customer))
        looks = 2 * (1 + issues // AN_ISSUE_READ) + 4
        return {
            "create": 0,
            "edit": 0,
            "transition": 0,
            "read": looks,
            "search": 2,
            "token": 4,
            "webhook": 6,
        }

    def nothing_grows(self) -> None:
        """What is kept for a while is gone after it."""
        before = self.memory.moment(KEPT + DELAY)
        for name, query in GROWS.items():
            found = self.rows(query, before=before) if ":before" in query else self.rows(query)
            if found and found[0]["n"] > 0:
                self.memory.find(f"nothing-grows: {name}", f"{found[0]['n']} {name} too many")
