"""Records what goes over the wire between this process and Jira."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from tests.contract.openapi import Exchange


@contextmanager
def recorded_exchanges() -> Iterator[list[Exchange]]:
    """Every exchange of this process that got an answer, in the order of the answers."""
    exchanges: list[Exchange] = []
    send = HTTPAdapter.send

    def recording(
        adapter: HTTPAdapter, request: requests.PreparedRequest, *given: Any, **named: Any
    ) -> requests.Response:
        response = send(adapter, request, *given, **named)
        exchanges.append(_exchange(request, response))
        return response

    HTTPAdapter.send = recording  # type: ignore[method-assign]
    try:
        yield exchanges
    finally:
        HTTPAdapter.send = send  # type: ignore[method-assign]


def _exchange(request: requests.PreparedRequest, response: requests.Response) -> Exchange:
    sent = request.body or b""
    return Exchange(
        method=request.method or "",
        url=request.url or "",
        request_headers=dict(request.headers),
        request_body=sent.encode() if isinstance(sent, str) else bytes(sent),
        status=response.status_code,
        headers=dict(response.headers),
        body=response.content,
    )
