"""What every call of the Jira client shares: one way to ask, one way to read, one way to fail."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from authlib.integrations.requests_client import OAuth2Session

from app.jira.errors import JiraError, JiraUnavailable
from app.jira.reading import Unreadable, number, required_mapping
from app.jira.refusals import refusal, says_no_site, turned_away, unavailable
from app.jira.transport import TIMEOUT, Answer, NotePoints, Timeout, Transport

T = TypeVar("T")

MAX_PAGES = 500


class Calls:
    """A signed session with one Jira site, beneath the calls that the other modules define."""

    def __init__(
        self,
        *,
        api_url: str,
        cloud_id: str,
        access_token: str,
        before_request: Callable[[], None] | None = None,
        timeout: Timeout = TIMEOUT,
        pool_size: int = 8,
        site_answers: bool = False,
        note_points: NotePoints | None = None,
    ) -> None:
        # Only the access token: with an expiry or a refresh token Authlib would refresh by
        # itself, without the lease that allows one refresh at a time (design.md §5).
        token = {"access_token": access_token, "token_type": "Bearer"}
        self._secrets = (access_token,)
        self._site_answers = site_answers
        self._transport = Transport(
            OAuth2Session(token=token),
            f"{api_url.rstrip('/')}/ex/jira/{quote(cloud_id, safe='')}/rest/api/3",
            before_request=before_request,
            timeout=timeout,
            pool_size=pool_size,
            note_points=note_points,
        )

    def close(self) -> None:
        """Close the kept-alive connections."""
        self._transport.session.close()

    def _request(
        self,
        operation: str,
        method: str,
        path: str,
        read: Callable[[Any], T],
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        reads_only: bool = False,
    ) -> T:
        """Send, raise what Jira refused, and read the JSON of a success with `read`."""
        answer = self._send(
            operation, method, path, params=params, body=body, reads_only=reads_only
        )
        if not 200 <= answer.status < 300:
            raise self._refusal(answer)
        return self._read(answer, read)

    def _refusal(self, answer: Answer) -> JiraError:
        """What an answer stands for; a site that was just seen to answer is not gone."""
        stopped = self._site_answers and says_no_site(answer)
        return turned_away(answer) if stopped else refusal(answer)

    def _send(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        reads_only: bool = False,
    ) -> Answer:
        return self._transport.request(
            operation,
            method,
            path,
            params=params,
            body=body,
            write=method != "GET" and not reads_only,
            secrets=self._secrets,
        )

    def _read(self, answer: Answer, read: Callable[[Any], T]) -> T:
        try:
            return read(answer.json())
        except ValueError:
            raise unavailable(answer) from None

    def _pages(
        self, operation: str, path: str, names: Sequence[str], page_size: int
    ) -> Iterator[Any]:
        """Every value of a list that is read by `startAt`; `names` are where Jira may put it."""
        start = 0
        for _ in range(MAX_PAGES):
            params = {"startAt": start, "maxResults": page_size}

            def read(body: Any) -> tuple[list[Any], int]:
                return _page(body, names)

            values, total = self._request(operation, "GET", path, read, params=params)
            yield from values
            start += len(values)
            if not values or start >= total:
                return
        raise endless(operation)


def nothing(body: Any) -> None:
    """Reads the answer to a request that need not have one."""


def endless(operation: str) -> JiraUnavailable:
    """For a list whose pages never end: half of it must not pass for the whole."""
    return JiraUnavailable(operation, body="The pages of the answer do not end.")


def segment(value: str) -> str:
    """`value` as one segment of a path."""
    return quote(value, safe="")


def _page(body: Any, names: Sequence[str]) -> tuple[list[Any], int]:
    page = required_mapping(body)
    found = [page[name] for name in names if isinstance(page.get(name), list)]
    total = number(page.get("total"))
    if not found and total != 0:
        raise Unreadable(f"none of {', '.join(names)} is there")
    values: list[Any] = next((values for values in found if values), [])
    return values, len(values) if total is None else total
