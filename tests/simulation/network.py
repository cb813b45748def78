"""Between the product and the stand-in: every request takes time, and may meet with trouble."""

import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import NewConnectionError
from werkzeug.datastructures import Headers

from demo.jira_cloud.cloud import Cloud
from demo.jira_cloud.traffic.messages import Dropped, Outcome, Request, Response
from tests.simulation.scheduler import Killed, Process, Scheduler

# Words that Jira's converter chokes on: it refuses the whole request and names no field.
UNSPEAKABLE = "unspeakable"
INVALID = b'{"errorMessages":["INVALID_INPUT"],"errors":{}}'
BURST = "jira-burst-based"
JSON = {"Content-Type": "application/json"}
HTML = b"<!doctype html><html><title>Atlassian</title><h1>Something went wrong</h1></html>"


@dataclass
class Exchange:
    """A request as an onlooker sees it: when it left, when it took effect, what was answered.

    `arrived`: whether Jira ever saw it. `heard`: the status that we were told, None for nothing.
    """

    process: Process
    method: str
    path: str
    query: str
    body: bytes
    left_at: float
    arrived_at: float | None = None
    answer: Response | None = None
    garbled: bool = False
    never_left: bool = False
    heard: int | None = None

    @property
    def operation(self) -> str:
        return operation(self.method, self.path)


@dataclass
class Trouble:
    """What befalls the next `times` requests of an operation; `*` is any."""

    kind: str
    operation: str
    times: int
    seconds: float = 0.0
    until: float = float("inf")


def operation(method: str, path: str) -> str:
    """A word for what is asked, from the address alone."""
    _, _, rest = path.partition("/rest/api/3")
    if not rest:
        return "token" if path == "/oauth/token" else "sites"
    if method == "POST" and rest in {"/issue", "/issue/bulk"}:
        return "create"
    if method == "POST" and rest.endswith("/transitions"):
        return "transition"
    if method == "PUT" and rest.startswith("/issue/"):
        return "mark" if "/properties/" in rest else "edit"
    if rest.startswith(("/search", "/issue/bulkfetch")):
        return "search" if rest.startswith("/search") else "read"
    return "webhook" if rest.startswith("/webhook") else "ask"


class Network:
    """Carries requests; `watchers` see each as it leaves, takes effect and is answered."""

    def __init__(self, scheduler: Scheduler, cloud: Cloud, dice: random.Random) -> None:
        self.scheduler = scheduler
        self.cloud = cloud
        self.troubles: list[Trouble] = []
        self.receiver_away = False
        self.watch: Callable[[str, Exchange], None] = lambda moment, exchange: None
        self._dice = dice

    def carry(self, prepared: requests.PreparedRequest, patience: float) -> requests.Response:
        """Raises what requests raises when no answer comes in time."""
        actor = self.scheduler.current
        assert actor is not None
        if actor.process.dead:
            raise Killed
        exchange = self._leaving(prepared, actor.process)
        trouble = self._trouble(exchange)
        if trouble and trouble.kind == "unreachable":
            return self._never_left(exchange)
        request = _request(prepared)
        if trouble and trouble.kind == "slow":
            return self._slow(exchange, request, patience, trouble.seconds)
        if trouble and trouble.kind == "dies before":
            actor.process.die()
        if early := self._before_jira(exchange, trouble):
            return self._heard(exchange, early)
        self._deliver(exchange, request)
        if trouble and trouble.kind == "dies after":
            actor.process.die()
        self._wait(actor.process, self._on_the_way())
        if self.scheduler.now - exchange.left_at > patience:  # it was frozen meanwhile
            self.watch("unanswered", exchange)
            raise requests.ReadTimeout("simulated")
        return self._heard(exchange, _on_the_way_back(exchange, trouble))

    def _on_the_way(self) -> float:
        return 0.02 + self._dice.random() * 0.25

    def _wait(self, process: Process, seconds: float) -> None:
        """Something is on its way; whoever waits for it may be killed."""
        self.scheduler.pause(seconds)
        process.age()

    def _deliver(self, exchange: Exchange, request: Request) -> None:
        """Once it has left, a request arrives, whatever becomes of its sender."""
        seconds, jira = self._on_the_way(), Process("jira")
        self.scheduler.start("jira", jira, lambda: self._arrive(exchange, request), seconds)
        self._wait(exchange.process, seconds)

    def _before_jira(self, exchange: Exchange, trouble: Trouble | None) -> Response | None:
        """An answer that comes although Jira's own rules never saw the request."""
        if not trouble and UNSPEAKABLE.encode() not in exchange.body:
            return None
        self._wait(exchange.process, self._on_the_way())
        if trouble and trouble.kind == "lost before":
            self._dropped(exchange)
        if trouble and trouble.kind in {"5xx", "429", "html"}:
            exchange.garbled = trouble.kind == "html"
            return _refusal(trouble, self._dice)
        if UNSPEAKABLE.encode() in exchange.body:
            return Response(400, INVALID, Headers(JSON))
        return None

    def _never_left(self, exchange: Exchange) -> requests.Response:
        exchange.never_left = True
        self.scheduler.pause(1.0)
        self.watch("unanswered", exchange)
        cause = NewConnectionError(None, "unreachable")  # type: ignore[arg-type]
        raise requests.ConnectionError(cause)

    def _dropped(self, exchange: Exchange) -> NoReturn:
        self.watch("unanswered", exchange)
        raise requests.ConnectionError("simulated: the connection was dropped")

    def _leaving(self, prepared: requests.PreparedRequest, process: Process) -> Exchange:
        address = urlsplit(prepared.url or "")
        body = prepared.body or b""
        exchange = Exchange(
            process,
            prepared.method or "",
            address.path,
            address.query,
            body if isinstance(body, bytes) else str(body).encode(),
            self.scheduler.now,
        )
        self.watch("leaves", exchange)
        return exchange

    def _slow(
        self, exchange: Exchange, request: Request, patience: float, seconds: float
    ) -> requests.Response:
        """It takes effect late; whoever waits for it may long be gone."""
        jira = Process("jira")
        self.scheduler.start("jira", jira, lambda: self._arrive(exchange, request), seconds)
        if seconds + 0.1 < patience:
            self.scheduler.pause(seconds + 0.1)
            return self._heard(exchange, exchange.answer)
        self.scheduler.pause(patience)
        self.watch("unanswered", exchange)
        raise requests.ReadTimeout("simulated")

    def _arrive(self, exchange: Exchange, request: Request) -> None:
        exchange.arrived_at = self.scheduler.now
        outcome: Outcome = self.cloud.handle(request)
        exchange.answer = None if isinstance(outcome, Dropped) else outcome
        self.watch("arrives", exchange)

    def _heard(self, exchange: Exchange, answer: Response | None) -> requests.Response:
        if answer is None:
            self._dropped(exchange)
        exchange.heard = answer.status
        self.watch("answered", exchange)
        return _response(answer)

    def _trouble(self, exchange: Exchange) -> Trouble | None:
        now = self.scheduler.now
        self.troubles = [each for each in self.troubles if each.times > 0 and each.until > now]
        for each in self.troubles:
            if each.operation in {"*", exchange.operation}:
                each.times -= 1
                return each
        return None


def _refusal(trouble: Trouble, dice: random.Random) -> Response:
    if trouble.kind == "429":
        headers = {"Retry-After": str(int(trouble.seconds)), "RateLimit-Reason": BURST}
        return Response(429, b"{}", Headers(JSON | headers))
    status = 200 if trouble.kind == "html" else dice.choice([500, 502, 503, 504])
    return Response(status, HTML, Headers({"Content-Type": "text/html"}))


def _on_the_way_back(exchange: Exchange, trouble: Trouble | None) -> Response | None:
    """What is left of Jira's answer."""
    answer, kind = exchange.answer, trouble.kind if trouble else ""
    if answer is None or kind == "lost after":
        return None
    if kind == "truncated":
        exchange.garbled = True
        return Response(answer.status, answer.body[: len(answer.body) // 2], answer.headers)
    if kind == "5xx after":
        return Response(502, HTML, Headers({"Content-Type": "text/html"}))
    return answer


def _request(prepared: requests.PreparedRequest) -> Request:
    body = prepared.body or b""
    data = body if isinstance(body, bytes) else str(body).encode()
    return Request(
        prepared.method or "", prepared.path_url, Headers(list(prepared.headers.items())), data
    )


def _response(answer: Response) -> requests.Response:
    response = requests.Response()
    response.status_code = answer.status
    response.headers = CaseInsensitiveDict(answer.headers.to_wsgi_list())
    response.raw = io.BytesIO(answer.body)
    return response


class InProcess(BaseAdapter):
    """Stands where the product mounts its own adapter."""

    network: ClassVar[Network | None] = None

    def __init__(self, **_: Any) -> None:
        super().__init__()

    def send(
        self, request: requests.PreparedRequest, *_: Any, timeout: Any = None, **__: Any
    ) -> requests.Response:
        assert self.network is not None
        return self.network.carry(request, timeout[1])

    def close(self) -> None:
        pass
