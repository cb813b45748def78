"""An answer has to be there, as a whole, within the read timeout.

A socket's own timeout begins anew with every byte that arrives, so a server that trickles its
answer could hold a request for hours, long after the lease that it was sent under.
"""

import io
import socket
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from app import clock


class DeadlineAdapter(HTTPAdapter):
    """Sends requests whose answers end, or fail as a timeout does, within the read timeout."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager


class _PunctualResponse(HTTPResponse):
    """Reads status, headers and body under one deadline: the read timeout from now."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        if (seconds := sock.gettimeout()) is not None:
            self.fp = io.BufferedReader(_Punctual(self.fp.detach(), sock, seconds))


class _Punctual(io.RawIOBase):
    """What arrives on a socket until the deadline; each read may take what is left of it."""

    def __init__(self, stream: io.RawIOBase, sock: socket.socket, seconds: float) -> None:
        self._stream = stream
        self._socket = sock
        self._deadline = clock.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - clock.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._socket.settimeout(left)
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _PlainConnection(HTTPConnection):
    response_class = _PunctualResponse


class _SecureConnection(HTTPSConnection):
    response_class = _PunctualResponse


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


POOLS = {"http": _PlainPool, "https": _SecurePool}
