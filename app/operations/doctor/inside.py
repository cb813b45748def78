"""What an installation consists of: its settings, its database, Redis, and the processes."""

import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from app import clock, migrated, queue
from app.clock import utcnow
from app.extensions import db
from app.operations.doctor.finding import Finding, amber, green, red
from app.redis_client import watched_by
from app.services.grants import key_canary
from config import is_loopback

SLOW = 0.25  # seconds for the simplest answer
ASKEW, WRONG = timedelta(seconds=5), timedelta(seconds=60)


def configuration() -> Iterator[Finding]:
    config, subject = current_app.config, "configuration"
    if config["DEMO"]:
        yield amber(
            subject,
            "this is a demo: everybody comes in by one click",
            "for real work, `make serve` or docs/operations.md",
        )
    else:
        yield green(subject, "every setting can be used, and none is unsafe")
    if len(config["TOKEN_ENCRYPTION_KEYS"]) > 1:
        yield amber(
            subject,
            "tokens may still be under an older key",
            "`flask keys re-encrypt`, then take the older keys away",
        )


def database() -> Iterator[Finding]:
    began, name = clock.monotonic(), db.engine.dialect.name
    try:
        db.session.execute(text("SELECT 1"))
        there = _time_of_database()
    except (DBAPIError, NoFreeConnection) as error:
        yield red(
            "database",
            f"cannot be asked: {_first_line(error)}",
            "start it, or set DATABASE_URL to where it is",
        )
        return
    took = clock.monotonic() - began
    if took > SLOW:
        yield amber(
            "database",
            f"{name} took {took:.1f} s for the simplest answer",
            "look at its load, and at the way to it",
        )
    else:
        yield green("database", f"{name} answers")
    if there is not None:
        yield compared_clock("database", there)
        yield _way_to_database()
    yield _migrations()
    yield _keys()


def redis() -> Iterator[Finding]:
    url = str(current_app.config["REDIS_URL"])
    try:
        policy = _section("memory").get("maxmemory_policy")
        yield green("redis", "answers")
    except RedisError as error:
        yield red(
            "redis",
            f"does not answer: {_first_line(error)}",
            "start it, or set REDIS_URL; nothing is lost meanwhile, only late",
        )
        return
    if policy not in {None, "noeviction"}:
        yield amber(
            "redis",
            f"forgets jobs when it is full (maxmemory-policy {policy})",
            "set maxmemory-policy noeviction",
        )
    yield who_may_write(url)


def processes() -> Iterator[Finding]:
    try:
        found = {"worker": queue.has_worker(), "ticker": queue.has_ticker()}
    except RedisError:
        yield amber("processes", "not known while Redis does not answer", "mend Redis first")
        return
    for name, seen in found.items():
        if seen:
            yield green(name, "one was heard of within a minute")
        else:
            yield red(
                name,
                "none was heard of within a minute",
                f"start `python -m jobs.{name}`, or look at its log",
            )


def who_may_write(url: str) -> Finding:
    """Whoever can write to Redis can have jobs of ours run, and make it forget all of them."""
    watched, parts = watched_by(url), urlsplit(url)
    if parts.scheme == "unix":
        return _of_socket(Path(parts.path))
    host, port = parts.hostname or "localhost", None if watched else parts.port
    if watched:
        host, port = watched.master()
    if _answers_strangers(host, port, tls=parts.scheme == "rediss"):
        alone = is_loopback(host)
        grade = amber if alone else red
        who = "every program on this machine" if alone else f"whoever reaches {host}"
        return grade(
            "redis",
            f"no password: {who} may write to it",
            "set requirepass, and the password in REDIS_URL",
        )
    if parts.scheme != "rediss" and not is_loopback(host):
        return amber(
            "redis",
            f"the password travels to {host} in the clear",
            "use rediss:// or a network of its own",
        )
    return green("redis", "only who has the password may write to it")


def compared_clock(whose: str, there: datetime) -> Finding:
    """How far this machine's clock is from another's: leases and tokens are told by it."""
    apart = abs(there - utcnow())
    words = f"{apart.total_seconds():.0f} s apart from the clock of {whose}"
    remedy = "let both machines follow a time server (NTP)"
    if apart >= WRONG:
        return red("clock", words, remedy)
    if apart >= ASKEW:
        return amber("clock", words, remedy)
    return green("clock", f"agrees with the clock of {whose}")


def _time_of_database() -> datetime | None:
    """None of SQLite, which has no clock of its own."""
    if db.engine.dialect.name == "sqlite":
        return None
    found: datetime = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return found


def _way_to_database() -> Finding:
    """Of PostgreSQL, or of the pooler before it."""
    driver: Any = db.session.connection().connection.driver_connection
    mode = str(db.engine.url.query.get("sslmode", "prefer"))
    return way_to_database(driver.pgconn.host.decode(), driver.pgconn.ssl_in_use, mode)


def way_to_database(host: str, encrypted: bool, mode: str) -> Finding:
    """Whether others on the way can read along. `mode` is libpq's sslmode, `host` a socket's folder
    or a name."""
    if host.startswith("/") or is_loopback(host):
        return green("database", "is on this machine: nobody reads along")
    if not encrypted:
        return amber(
            "database",
            f"what goes to {host} can be read on the way",
            "add ?sslmode=verify-full&sslrootcert=… to DATABASE_URL, or use a network of its own",
        )
    if mode not in {"verify-ca", "verify-full"}:
        return amber(
            "database",
            f"is encrypted, but nobody checks that it is {host} who answers",
            "add ?sslmode=verify-full&sslrootcert=… to DATABASE_URL",
        )
    return green("database", f"is encrypted, and {host} has shown who it is")


def _migrations() -> Finding:
    if migrated.is_current(current_app._get_current_object()):  # type: ignore[attr-defined]
        return green("migrations", "the database is upgraded as far as this version needs")
    return red(
        "migrations",
        "the database is of an earlier version, or empty",
        "stop what is of the earlier version, then `flask db upgrade`",
    )


def _keys() -> Finding:
    """Looked at as each process does at its start, and nothing of it stays."""
    try:
        readable = key_canary.is_readable()
    except DBAPIError:  # no such table yet
        return amber("keys", "not known before the database is upgraded", "`flask db upgrade`")
    finally:
        db.session.rollback()
    if readable:
        return green("keys", "TOKEN_ENCRYPTION_KEYS read what is stored")
    return red(
        "keys",
        "TOKEN_ENCRYPTION_KEYS are not this database's",
        "put the key in use behind the others; if it is lost, `flask keys forget-lost`",
    )


def _of_socket(path: Path) -> Finding:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        return amber(
            "redis", f"who may write to it is not known: {error.strerror}", f"look at {path}"
        )
    if mode & stat.S_IWOTH:
        return amber(
            "redis",
            "every program on this machine may write to its socket",
            "set unixsocketperm 700",
        )
    return green("redis", "only its owner, or their group, may write to its socket")


def _answers_strangers(host: str, port: int | None, *, tls: bool) -> bool:
    """Strangers do not ask for a certificate."""
    trusting: dict[str, Any] = (
        {"ssl": True, "ssl_cert_reqs": "none", "ssl_check_hostname": False} if tls else {}
    )
    stranger = Redis(
        host=host,
        port=port or 6379,
        **trusting,
        socket_timeout=2,
        socket_connect_timeout=2,
    )
    try:
        return bool(stranger.ping())
    except RedisError:  # it wants a password, or is in protected mode
        return False
    finally:
        stranger.close()


def _section(name: str) -> dict[str, Any]:
    found: dict[str, Any] = queue.redis_connection().info(name)
    return found


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
