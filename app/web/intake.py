"""Webhook deliveries as the web server takes them: in sets, and without a thread for each.

The signature is checked and the body read in the event loop, which takes a thirtieth of a
millisecond. Then a delivery waits for the one thread that writes: whatever came while it was at
it is its next transaction. What is unusual in any way goes through the view (`webhooks.py`), which
does the same for one.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.sansio.utils import host_is_trusted

from app import clock, side_by_side
from app.clock import utcnow
from app.extensions import answer_by
from app.operations.levels.answered import Answer
from app.operations.metrics import requests
from app.services.inbound.receive import Delivery
from app.web import patience, webhooks
from app.web.delivery_answers import DeliveryAnswers
from app.web.webhooks import LARGEST_BODY, NOBODYS, PATH, REFUSED, Answered, Headers, Outcome

MOST = 200  # in one transaction
HEADERS = {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}

log = logging.getLogger(__name__)

Waiting = list[tuple[Delivery, "asyncio.Future[Outcome]"]]


class Intake:
    """Takes what arrives at one process."""

    def __init__(self, app: Flask, answers: DeliveryAnswers) -> None:
        self._app = app
        self._answers = answers
        self._prefix = urlsplit(app.config["PUBLIC_URL"]).path
        self._writer = side_by_side.executor(1)
        self._counter = side_by_side.executor(1)  # takes longer, and nobody waits for it
        self._waiting: Waiting = []
        self._writes = False

    def takes(self, method: str, path: str, host: str | None, headers: Headers) -> bool:
        """Whether it is a delivery like any other."""
        length = headers.get("content-length") or ""
        return (
            method == "POST"
            and path.removeprefix(self._prefix) == PATH
            and host_is_trusted(host, self._app.config["TRUSTED_HOSTS"])
            and length.isdigit()
            and int(length) <= LARGEST_BODY
        )

    async def answer(
        self, headers: Headers, body: Callable[[], Awaitable[bytes]]
    ) -> tuple[int, list[tuple[str, str]]]:
        """The status and the headers of the answer, which has no body."""
        came_at, began = utcnow(), clock.monotonic()
        (status, more), organizations = await self._answered(headers, body)
        seconds = clock.monotonic() - began
        requests.observe(self._app, PATH, "POST", status, seconds)
        if status // 100 in {2, 5}:
            stored = status // 100 == 2
            self._answers.keep(Answer(organizations, came_at, seconds, stored))
        return status, [*HEADERS.items(), *((name.lower(), each) for name, each in more.items())]

    async def _answered(
        self, headers: Headers, body: Callable[[], Awaitable[bytes]]
    ) -> tuple[Answered, frozenset[int]]:
        """The answer, and the organizations that the delivery is for."""
        with self._app.app_context():
            try:
                life = webhooks.check(headers)
            except REFUSED as error:
                return webhooks.refusal(error), NOBODYS
        content = await body()
        try:
            delivery = webhooks.delivery_of(headers, content, life)
        except REFUSED as error:
            return webhooks.refusal(error), NOBODYS
        outcome = await self._stored(delivery)
        return webhooks.answer_to(outcome), webhooks.organizations_of(outcome)

    async def _stored(self, delivery: Delivery) -> Outcome:
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[Outcome] = loop.create_future()
        self._waiting.append((delivery, outcome))
        if not self._writes:
            self._begin(loop)
        return await outcome

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        several, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        self._writes = bool(several)
        if several:
            loop.run_in_executor(self._writer, self._write, loop, several)

    def _write(self, loop: asyncio.AbstractEventLoop, several: Waiting) -> None:
        """In the thread that writes."""
        outcomes = self._outcomes([delivery for delivery, _ in several])
        loop.call_soon_threadsafe(self._end, loop, several, outcomes)
        self._counter.submit(self._answers.add_now_and_then)

    def _end(
        self,
        loop: asyncio.AbstractEventLoop,
        several: Waiting,
        outcomes: Sequence[Outcome] | Exception,
    ) -> None:
        """In the event loop again: tell those who wait, and go on with who came meanwhile."""
        _tell(several, outcomes)
        self._begin(loop)

    def _outcomes(self, deliveries: Sequence[Delivery]) -> Sequence[Outcome] | Exception:
        with self._app.app_context():
            before = answer_by.set(clock.monotonic() + patience.SECONDS)
            try:
                return webhooks.store(deliveries)
            except Exception as error:  # whoever waits is answered 500, as by any view
                log.exception("deliveries not stored")
                return error
            finally:
                answer_by.reset(before)


def _tell(several: Waiting, outcomes: Sequence[Outcome] | Exception) -> None:
    for at, (_, each) in enumerate(several):
        if each.done():  # whoever asked has left
            continue
        if isinstance(outcomes, Exception):
            each.set_exception(outcomes)
        else:
            each.set_result(outcomes[at])
