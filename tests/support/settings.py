"""The configuration that tests run with: read like any other, from an environment."""

from typing import Any

from config import from_environment

NOWHERE = "https://you-forgot-to-ask-for-jira.invalid"
CLIENT_ID = "unpack-tests"
CLIENT_SECRET = "unpack-tests-secret"
ENVIRONMENT = {
    "SECRET_KEY": "for-tests-0u7Qx-and-nothing-beside-them",
    "TOKEN_ENCRYPTION_KEYS": "c1M9hZ0oq3u8mB2rT6yXw4KdV7fLpJ5nAe8GtRzQbWk=",
    "PUBLIC_URL": "http://localhost:5050",
    "JIRA_CLIENT_ID": CLIENT_ID,
    "JIRA_CLIENT_SECRET": CLIENT_SECRET,
    "HTMX_SRC": "local",
    "UNPACK_DEMO": "1",
}
# Nothing waits before it is tried again.
NO_DELAYS = {"SYNC_PROBE_DELAYS": "0,0", "SYNC_RETRY_DELAYS": "0,0,0", "SYNC_EDIT_DELAYS": "0,0"}


def build(
    *,
    database_url: str,
    redis_url: str = "redis://you-forgot-to-ask-for-redis.invalid",
    jira_url: str = NOWHERE,
    **environment: str,
) -> dict[str, Any]:
    """Settings for `create_app`; `environment` overrides single variables by name."""
    settings = from_environment(
        ENVIRONMENT
        | {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "ATLASSIAN_AUTH_URL": jira_url,
            "ATLASSIAN_API_URL": jira_url,
        }
        | environment
    )
    settings["TESTING"] = True
    if database_url.startswith("sqlite"):
        # A test that forgot to commit waits for its own lock: say so soon.
        settings["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"timeout": 5}}
    return settings
