"""Configuration from the environment (design.md §9). Nothing here has a secret as its default."""

import os
from collections.abc import Mapping
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parent

HTMX_VERSION = "2.0.11"
HTMX_CDN = f"https://cdn.jsdelivr.net/npm/htmx.org@{HTMX_VERSION}/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"

POSTGRESQL = {
    # A host that is silent must not hold a page, nor a webhook, which Jira repeats if answered.
    "connect_timeout": 3,  # seconds
    "tcp_user_timeout": 2000,  # milliseconds
    # A pooler such as PgBouncer gives each transaction another session: none has what was prepared.
    "prepare_threshold": None,
}


class ConfigurationError(Exception):
    """A setting is missing or cannot be read. The text is a sentence for the operator."""


def from_environment(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Read every setting of design.md §9, or raise `ConfigurationError` with one sentence."""
    public_url = _public_url(environment)
    return {
        **_web_settings(environment, public_url),
        **_database_settings(environment),
        **_jira_settings(environment),
        **_sync_settings(environment),
        **_mail_settings(environment),
    }


def _web_settings(environment: Mapping[str, str], public_url: str) -> dict[str, Any]:
    secure = public_url.startswith("https://")
    path = urlsplit(public_url).path
    return {
        "SECRET_KEY": _required(environment, "SECRET_KEY"),
        "SECRET_KEY_FALLBACKS": _list(environment.get("SECRET_KEY_FALLBACKS", "")),
        "PUBLIC_URL": public_url,
        "TRUSTED_HOSTS": _trusted_hosts(environment, public_url),
        "PROXY_COUNT": _whole_number(environment, "PROXY_COUNT", 0),
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
        "HTMX_SRC": environment.get("HTMX_SRC", HTMX_CDN),
        "HTMX_INTEGRITY": HTMX_INTEGRITY,
        "DEMO": _is_demo(environment, public_url),
    }


def _is_demo(environment: Mapping[str, str], public_url: str) -> bool:
    """Whether everybody may come in by one click and read the e-mails: on one's own machine only.

    Whoever came in could connect a real Jira, and use it.
    """
    if environment.get("UNPACK_DEMO") != "1" or environment.get("UNPACK_DEMO_PUBLIC") == "1":
        return False
    hosts = {urlsplit(public_url).hostname or "", *_trusted_hosts(environment, public_url)}
    foreign = sorted(host for host in hosts if not is_loopback(host))
    if not foreign:
        return True
    raise ConfigurationError(
        f"The demo lets in everybody who reaches it, so it does not answer as {foreign[0]}. "
        "UNPACK_DEMO_PUBLIC=1 gives its accounts passwords of their own."
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`, a name or an address without brackets."""
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761 §6.3
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _database_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    instance = Path(environment.get("UNPACK_INSTANCE", ROOT / "instance"))
    url = environment.get("DATABASE_URL") or f"sqlite:///{instance / 'unpack.db'}"
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    sqlite = url.startswith("sqlite")
    options: dict[str, Any] = {"connect_args": {"timeout": 30}, "pool_timeout": 3}
    if not sqlite:
        options |= {"connect_args": POSTGRESQL, "pool_pre_ping": True}
    return {
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": options,
        "REDIS_URL": environment.get("REDIS_URL", f"unix://{instance / 'redis.sock'}"),
    }


def _jira_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    secrets = _list(environment.get("JIRA_CLIENT_SECRET", ""))
    return {
        "JIRA_CLIENT_ID": environment.get("JIRA_CLIENT_ID", ""),
        "JIRA_CLIENT_SECRETS": secrets,
        "ATLASSIAN_AUTH_URL": _url(environment, "ATLASSIAN_AUTH_URL", "https://auth.atlassian.com"),
        "ATLASSIAN_API_URL": _url(environment, "ATLASSIAN_API_URL", "https://api.atlassian.com"),
        "TOKEN_ENCRYPTION_KEYS": _encryption_keys(environment),
    }


def _sync_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    return {
        "SYNC_RETRY_DELAYS": _seconds(environment, "SYNC_RETRY_DELAYS", "10,60,300", 3),
        "SYNC_PROBE_DELAYS": _seconds(environment, "SYNC_PROBE_DELAYS", "15,30", 2),
        "SYNC_EDIT_DELAYS": _seconds(environment, "SYNC_EDIT_DELAYS", "5,30", 2),
        "SYNC_LEASE": _number(environment, "SYNC_LEASE", 60),
        "SYNC_ATTEMPT_DAYS": _whole_number(environment, "SYNC_ATTEMPT_DAYS", 90),
        "JIRA_TIMEOUT": _number(environment, "JIRA_TIMEOUT", 20),
    }


def _mail_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    sender = environment.get("MAIL_FROM") or "Unpack <unpack@localhost>"
    if "@" not in parseaddr(sender)[1] or "\n" in sender:
        raise ConfigurationError(f"MAIL_FROM must be an e-mail address, not {sender!r}.")
    return {"SMTP_URL": _smtp_url(environment), "MAIL_FROM": sender}


def _smtp_url(environment: Mapping[str, str]) -> str:
    """A mail server, or nothing. The sentence leaves the value out: it may hold a password."""
    value = environment.get("SMTP_URL", "")
    try:
        parts = urlsplit(value)
        fits = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if value and not fits:
        raise ConfigurationError("SMTP_URL must be smtp:// or smtps://[user:password@]host[:port].")
    return value


def _public_url(environment: Mapping[str, str]) -> str:
    value = environment.get("PUBLIC_URL", "http://localhost:5050").rstrip("/")
    parts = urlsplit(value)
    plain = not (parts.query or parts.fragment or "//" in parts.path)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
        raise ConfigurationError(
            f"PUBLIC_URL must be an http or https address, with a path or without, not {value!r}."
        )
    return value


def _cookie_name(secure: bool, path: str) -> str:
    """Browsers hold `__Host-` to one host and to all of its paths, `__Secure-` to https."""
    if not secure:
        return "unpack"
    return "__Secure-unpack" if path else "__Host-unpack"


def _trusted_hosts(environment: Mapping[str, str], public_url: str) -> list[str]:
    hosts = _list(environment.get("TRUSTED_HOSTS", ""))
    return hosts or [urlsplit(public_url).hostname or "localhost", "localhost", "127.0.0.1"]


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise ConfigurationError(f"{name} is not set. docs/operations.md says how to make it.")
    return value


def _encryption_keys(environment: Mapping[str, str]) -> list[str]:
    keys = _list(_required(environment, "TOKEN_ENCRYPTION_KEYS"))
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            raise ConfigurationError(
                "TOKEN_ENCRYPTION_KEYS holds something that is not a Fernet key. "
                "`python -m app.commands generate` prints a new one."
            ) from None
    return keys


def _url(environment: Mapping[str, str], name: str, default: str) -> str:
    value = environment.get(name, default).rstrip("/")
    if urlsplit(value).scheme not in {"http", "https"}:
        raise ConfigurationError(f"{name} must be an http or https address, not {value!r}.")
    return value


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _seconds(
    environment: Mapping[str, str], name: str, default: str, count: int
) -> tuple[float, ...]:
    text = environment.get(name, default)
    try:
        values = tuple(float(part) for part in text.split(","))
    except ValueError:
        values = ()
    if len(values) != count or any(value < 0 for value in values):
        raise ConfigurationError(f"{name} must be {count} numbers of seconds, not {text!r}.")
    return values


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name, str(default))
    try:
        value = float(text)
    except ValueError:
        value = -1
    if value <= 0:
        raise ConfigurationError(f"{name} must be a number above 0, not {text!r}.")
    return value


def _whole_number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    if not text.isdigit():
        raise ConfigurationError(f"{name} must be a whole number, not {text!r}.")
    return int(text)
