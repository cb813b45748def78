"""Configuration from the environment (design.md §9). Nothing here has a secret as its default."""

import os
from collections.abc import Mapping
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import secret_rules
from environment import ConfigurationError, Environment

__all__ = ["ConfigurationError", "from_environment", "is_loopback"]

ROOT = Path(__file__).resolve().parent

HTMX_VERSION = "2.0.11"
HTMX_CDN = f"https://cdn.jsdelivr.net/npm/htmx.org@{HTMX_VERSION}/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"

POSTGRESQL = {
    # A host that is silent must not hold a page, nor a webhook, which Jira repeats if answered.
    "connect_timeout": 3,  # seconds
    "tcp_user_timeout": 2000,  # milliseconds
    "prepare_threshold": None,  # until it is known whose session it is (app/postgresql.py)
}

MOST_PROCESSES = 4  # unless somebody says so: a container sees all cores of its machine
LEAST_THREADS = 4  # of a web process: two may compute passwords, and more make it slower
BESIDE_THREADS = 2  # connections of a web process: what stores deliveries, and counts them
MOST_FOR_A_MOMENT = 2  # more of them, such as for renewing a token within something else

LOG_FORMATS = ("logfmt", "json")
POOLS = ("installation", "site")  # who shares the points of an hour

CONNECT_TIMEOUT = 3.05  # seconds until Atlassian has to accept a connection
# A request leaves only under a lease that outlives it by this share of itself: 5 s of 60.
LEASE_MARGIN_SHARE = 12


def from_environment(variables: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Read every setting of design.md §9.

    Raises `ConfigurationError` with a sentence for each that is missing, cannot be read or is not
    safe.
    """
    environment = Environment(variables)
    public_url = _public_url(environment)
    sizes = _size_settings(environment)
    settings = {
        **sizes,
        **_web_settings(environment, public_url),
        **_database_settings(environment, sizes["WEB_THREADS"]),
        **_jira_settings(environment),
        **_sync_settings(environment),
        **_mail_settings(environment),
        **_operations_settings(environment),
        **_single_sign_on_settings(environment),
    }
    if not settings["DEMO"]:
        _note_what_is_unsafe(environment, settings)
    environment.refuse()
    return settings


def _note_what_is_unsafe(environment: Environment, settings: Mapping[str, Any]) -> None:
    """What may be so on one's own machine only."""
    for sentence in secret_rules.broken(settings):
        environment.wrong(sentence)
    for name in ("PUBLIC_URL", "ATLASSIAN_AUTH_URL", "ATLASSIAN_API_URL", "OIDC_ISSUER"):
        parts = urlsplit(settings[name])
        if settings[name] and parts.scheme != "https" and not is_loopback(parts.hostname or ""):
            environment.wrong(
                f"{name} must begin with https://: what travels to {parts.hostname} could be read "
                "and changed on the way."
            )


def _web_settings(environment: Environment, public_url: str) -> dict[str, Any]:
    parts = urlsplit(public_url)
    secure, path = parts.scheme == "https", parts.path
    hosts = _trusted_hosts(environment, public_url)
    return {
        "SECRET_KEY": environment.required("SECRET_KEY"),
        "SECRET_KEY_FALLBACKS": environment.listed("SECRET_KEY_FALLBACKS"),
        "PUBLIC_URL": public_url,
        "TRUSTED_HOSTS": hosts,
        "PROXY_COUNT": environment.whole_number("PROXY_COUNT", 0),
        # On this machine it would hold for what else runs here, too.
        "HTTPS_ONLY": secure and not is_loopback(parts.hostname or ""),
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "APPLICATION_ROOT": path or "/",
        "SESSION_COOKIE_PATH": path or "/",
        "SESSION_COOKIE_NAME": _cookie_name(secure, path),
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": 14 * 24 * 3600,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_HEADERS": ["X-CSRF-Token"],
        # Asked by app/web/origins.py, after where the request comes from. The Referer is not: a
        # proxy may suppress it.
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_SSL_STRICT": False,
        "HTMX_SRC": environment.text("HTMX_SRC", HTMX_CDN),
        "HTMX_INTEGRITY": HTMX_INTEGRITY,
        "DEMO": _is_demo(environment, {parts.hostname or "", *hosts}),
    }


def _is_demo(environment: Environment, hosts: set[str]) -> bool:
    """Whether everybody may come in by one click and read the e-mails: on one's own machine only.

    Whoever came in could connect a real Jira, and use it.
    """
    if not environment.is_on("UNPACK_DEMO") or environment.is_on("UNPACK_DEMO_PUBLIC"):
        return False
    foreign = sorted(host for host in hosts if not is_loopback(host))
    if foreign:
        environment.wrong(
            f"The demo lets in everybody who reaches it, so it does not answer as {foreign[0]}. "
            "UNPACK_DEMO_PUBLIC=1 gives its accounts passwords of their own."
        )
    return True


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`, a name or an address without brackets."""
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761 §6.3
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _size_settings(environment: Environment) -> dict[str, int]:
    """How many processes the web server has, and how many threads each of them."""
    processes = max(2, min(os.cpu_count() or 1, MOST_PROCESSES))
    return {
        "WEB_PROCESSES": environment.at_least("WEB_PROCESSES", processes, 1),
        "WEB_THREADS": environment.at_least("WEB_THREADS", LEAST_THREADS, LEAST_THREADS),
    }


def _database_settings(environment: Environment, threads: int) -> dict[str, Any]:
    instance = Path(environment.text("UNPACK_INSTANCE", str(ROOT / "instance")))
    url = environment.text("DATABASE_URL") or f"sqlite:///{instance / 'unpack.db'}"
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    sqlite = url.startswith("sqlite")
    size = environment.at_least("DATABASE_POOL", threads + BESIDE_THREADS, 1)
    pool = {"pool_size": size, "max_overflow": MOST_FOR_A_MOMENT, "pool_timeout": 3}
    options: dict[str, Any] = {"connect_args": {"timeout": 30}, **pool}
    if not sqlite:
        options |= {"connect_args": POSTGRESQL, "pool_pre_ping": True}
    return {
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": options,
        "REDIS_URL": environment.redis("REDIS_URL", f"unix://{instance / 'redis.sock'}"),
    }


def _jira_settings(environment: Environment) -> dict[str, Any]:
    return {
        "JIRA_CLIENT_ID": environment.text("JIRA_CLIENT_ID"),
        "JIRA_CLIENT_SECRETS": environment.listed("JIRA_CLIENT_SECRET"),
        "ATLASSIAN_AUTH_URL": environment.address(
            "ATLASSIAN_AUTH_URL", "https://auth.atlassian.com"
        ),
        "ATLASSIAN_API_URL": environment.address("ATLASSIAN_API_URL", "https://api.atlassian.com"),
        **_points_settings(environment),
        "TOKEN_ENCRYPTION_KEYS": _encryption_keys(environment),
    }


def _points_settings(environment: Environment) -> dict[str, Any]:
    """What Atlassian gives the app: by the default what every app has (jira-platform.md §4)."""
    whose = environment.text("JIRA_POINTS_PER") or POOLS[0]
    if whose not in POOLS:
        environment.wrong(f"JIRA_POINTS_PER must be {' or '.join(POOLS)}, not {whose!r}.")
    seconds = environment.whole_number("JIRA_POINTS_SECONDS", 3600)
    if not seconds or 3600 % seconds:
        environment.wrong(f"JIRA_POINTS_SECONDS must divide an hour, not be {seconds}.")
    return {
        "JIRA_POINTS": environment.whole_number("JIRA_POINTS", 65_000),
        "JIRA_POINTS_SECONDS": seconds or 3600,
        "JIRA_POINTS_PER": whose,
    }


def _sync_settings(environment: Environment) -> dict[str, Any]:
    return {
        "SYNC_RETRY_DELAYS": environment.seconds("SYNC_RETRY_DELAYS", "10,60,300", 3),
        "SYNC_PROBE_DELAYS": environment.seconds("SYNC_PROBE_DELAYS", "15,30", 2),
        "SYNC_EDIT_DELAYS": environment.seconds("SYNC_EDIT_DELAYS", "5,30", 2),
        "SYNC_ATTEMPT_DAYS": environment.whole_number("SYNC_ATTEMPT_DAYS", 90),
        **_lease_settings(environment),
    }


def _lease_settings(environment: Environment) -> dict[str, float]:
    """Nothing would ever leave under a lease that no request can end within."""
    lease = environment.number("SYNC_LEASE", 60)
    timeout = environment.number("JIRA_TIMEOUT", 20)
    least = (timeout + min(timeout, CONNECT_TIMEOUT)) / (1 - 1 / LEASE_MARGIN_SHARE)
    if lease <= least:
        environment.wrong(
            f"SYNC_LEASE must be longer than {least:.1f} seconds where JIRA_TIMEOUT is "
            f"{timeout:g}: no request could end within {lease:g}, so nothing would be sent."
        )
    return {
        "SYNC_LEASE": lease,
        "SYNC_LEASE_MARGIN_SHARE": LEASE_MARGIN_SHARE,
        "JIRA_TIMEOUT": timeout,
        "JIRA_CONNECT_TIMEOUT": CONNECT_TIMEOUT,
    }


def _mail_settings(environment: Environment) -> dict[str, Any]:
    sender = environment.text("MAIL_FROM") or "Unpack <unpack@localhost>"
    if "@" not in parseaddr(sender)[1] or "\n" in sender:
        environment.wrong(f"MAIL_FROM must be an e-mail address, not {sender!r}.")
    return {"SMTP_URL": environment.mail_server("SMTP_URL"), "MAIL_FROM": sender}


def _operations_settings(environment: Environment) -> dict[str, Any]:
    """What whoever runs the installation reads of it."""
    log_format = environment.text("LOG_FORMAT") or LOG_FORMATS[0]
    if log_format not in LOG_FORMATS:
        environment.wrong(f"LOG_FORMAT must be {' or '.join(LOG_FORMATS)}, not {log_format!r}.")
    return {
        "LOG_FORMAT": log_format,
        "METRICS_TOKEN": environment.text("METRICS_TOKEN"),
        "OTEL_EXPORTER_OTLP_ENDPOINT": _traces_to(environment),
    }


def _traces_to(environment: Environment) -> str:
    name = "OTEL_EXPORTER_OTLP_ENDPOINT"
    return environment.address(name, "") if environment.text(name) else ""


def _single_sign_on_settings(environment: Environment) -> dict[str, Any]:
    """All of them, or nobody signs in with another account. Without domains there would be nobody
    whom the provider may vouch for."""
    names = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    settings: dict[str, Any] = {name: environment.text(name) for name in names}
    settings["OIDC_DOMAINS"] = [each.lower() for each in environment.listed("OIDC_DOMAINS")]
    missing = [name for name, value in settings.items() if not value]
    if missing and len(missing) < len(settings):
        environment.wrong(f"Single sign-on needs {' and '.join(missing)}, too.")
    if settings["OIDC_ISSUER"]:
        environment.address("OIDC_ISSUER", "")  # as it is written: providers tell a / at the end
    host = urlsplit(settings["OIDC_ISSUER"]).hostname or ""
    settings["OIDC_NAME"] = environment.text("OIDC_NAME") or host
    return settings


def _public_url(environment: Environment) -> str:
    default = "http://localhost:5050"
    value = environment.address("PUBLIC_URL", default)
    parts = urlsplit(value)
    if parts.query or parts.fragment or parts.username or "//" in parts.path:
        environment.wrong(
            f"PUBLIC_URL must be an address, with a path or without, and nothing else: {value!r}."
        )
        return default
    return value


def _cookie_name(secure: bool, path: str) -> str:
    """Browsers hold `__Host-` to one host and to all of its paths, `__Secure-` to https."""
    if not secure:
        return "unpack"
    return "__Secure-unpack" if path else "__Host-unpack"


def _trusted_hosts(environment: Environment, public_url: str) -> list[str]:
    """Which names requests may carry. This machine's own only where it is the public one:
    elsewhere a page of another program on the machine could pass for ours."""
    host = urlsplit(public_url).hostname or "localhost"
    own = ["localhost", "127.0.0.1"] if is_loopback(host) else []
    return environment.listed("TRUSTED_HOSTS") or list(dict.fromkeys([host, *own]))


def _encryption_keys(environment: Environment) -> list[str]:
    environment.required("TOKEN_ENCRYPTION_KEYS")
    keys = environment.listed("TOKEN_ENCRYPTION_KEYS")
    for sentence in secret_rules.unreadable_keys(keys):
        environment.wrong(sentence)
    return keys
