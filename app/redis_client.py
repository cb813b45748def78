"""The client of REDIS_URL: of one server (redis, rediss, unix), or of whom Sentinels name."""

from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from redis import Redis
from redis.sentinel import Sentinel

SENTINEL = "redis+sentinel"
SENTINEL_PORT = 26379
# Seconds for one of them to say who is the master.
SENTINEL_PATIENCE = {"socket_timeout": 2.0, "socket_connect_timeout": 2.0}


class Watched(NamedTuple):
    """Servers that Sentinels watch under a name. They all have one password."""

    sentinels: list[tuple[str, int]]
    name: str
    credentials: dict[str, str]

    def master(self) -> tuple[str, int]:
        """Host and port of whoever is the master now. Raises `RedisError`."""
        found: tuple[str, int] = self._sentinel().discover_master(self.name)  # type: ignore[no-untyped-call]
        return found

    def client(self, **options: Any) -> Redis:
        """Each new connection of it goes to whoever is the master then."""
        found: Redis = self._sentinel(**options).master_for(self.name)  # type: ignore[no-untyped-call]
        return found

    def _sentinel(self, **options: Any) -> Sentinel:
        """Asks them, one after the other. `options` are those of a server's client."""
        asked = {**self.credentials, **SENTINEL_PATIENCE}
        return Sentinel(  # type: ignore[no-untyped-call]
            self.sentinels, sentinel_kwargs=asked, **self.credentials, **options
        )


def client_of(url: str, **options: Any) -> Redis:
    """Connects when it is first used, with `options` of redis-py."""
    watched = watched_by(url)
    return watched.client(**options) if watched else Redis.from_url(url, **options)


def watched_by(url: str) -> Watched | None:
    """What `redis+sentinel://[user:password@]host[:port],host[:port]/name` says; None of others."""
    parts = urlsplit(url)
    if parts.scheme != SENTINEL:
        return None
    secret, _, hosts = parts.netloc.rpartition("@")
    user, _, password = secret.partition(":")
    given = {"username": unquote(user), "password": unquote(password)}
    credentials = {name: value for name, value in given.items() if value}
    return Watched([_place(each) for each in hosts.split(",")], parts.path.strip("/"), credentials)


def _place(text: str) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    return parts.hostname or "", parts.port or SENTINEL_PORT
