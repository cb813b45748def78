"""What `/metrics` tells: counted from rows and Redis at each scrape, and how long pages took.

family (one metric), rows (what the database tells), service_levels (of the installation),
redis_state (what Redis does), requests (what this web server counts), exposition (all of it, as
Prometheus reads it).

No label is a name, an address or an organization.
"""

from app.operations.metrics.exposition import init_app

__all__ = ["init_app"]
