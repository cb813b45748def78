"""What one drain knows while it runs."""

from dataclasses import dataclass, field

from flask import current_app

from app import chance
from app.jira.errors import JiraUnauthorized
from app.services.grants.tokens import AccessToken
from app.services.outbound import outcomes
from app.services.work.leases import Lease


@dataclass
class Current:
    """The drain's lease, its token, and what it has learned so far.

    permissions: by project id, what the account may do; None where Jira did not say
    archived: by project id, whether it is; types: the ids of those that it has
    browsable: by project key, whether the account may see its issues
    site_answers: it was said to be gone, and was seen to answer then
    unauthorized: set when Atlassian turned the token down, so that nothing more leaves
    """

    lease: Lease
    token: AccessToken | None = None
    examined: bool = False
    site_answers: bool = False
    unauthorized: JiraUnauthorized | None = None
    permissions: dict[str, dict[str, bool]] = field(default_factory=dict)
    archived: dict[str, bool] = field(default_factory=dict)
    types: dict[str, frozenset[str]] = field(default_factory=dict)
    browsable: dict[str, bool] = field(default_factory=dict)

    def ids(self, **more: object) -> dict[str, object]:
        """For a log line."""
        return {"connection_id": self.lease.connection_id, **more}


def delays() -> outcomes.Delays:
    """The configured waits, with a jitter of this moment."""
    return outcomes.Delays(
        retries=current_app.config["SYNC_RETRY_DELAYS"],
        first_probe=current_app.config["SYNC_PROBE_DELAYS"][0],
        jitter=chance.uniform(1.0, 1.3),
    )
