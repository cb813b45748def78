"""What `/metrics` tells: counted from rows and Redis at each scrape, and how long answers took.

family (one metric), rows (what is due), recent (what the last 15 minutes tell), service_levels (of
28 days), redis_state (what Redis does), jira_requests (what whoever asks Jira counts), requests
(what this web server counts), exposition (all of it, as Prometheus reads it).

No label is a name, an address or an organization.
"""

from app.operations.metrics.exposition import init_app

__all__ = ["init_app"]
