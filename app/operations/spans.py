"""One trace from a press to the key: the request, the job that it rang for, what Jira was asked.

The queue carries a row's id and nothing else. Which trace a bell belongs to stands beside the bell
for a minute, under its own key of Redis; whoever could write there could tie traces together
wrongly, and nothing more. Names and attributes hold routes, never addresses, and ids of rows.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Span, SpanContext, SpanKind, StatusCode, TraceFlags
from redis.exceptions import RedisError

from app import queue
from app.jira import transport
from app.jira.types import Call

BELIEVED = 60  # seconds between a press and its job
EXPORT_PATIENCE = 2  # seconds
READ_ONLY = {"GET", "HEAD", "OPTIONS"}
WRITTEN = re.compile(rb"([0-9a-f]{32})-([0-9a-f]{16})")


def exporter_to(endpoint: str) -> SpanExporter:
    """Sends spans to `endpoint` by OTLP over HTTP."""
    return OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces", timeout=EXPORT_PATIENCE)


class Traces:
    """What one process traces. A worker's process does one job at a time."""

    def __init__(self, app: Flask, exporter: SpanExporter) -> None:
        self.provider = TracerProvider(resource=Resource({"service.name": "unpack"}))
        self.provider.add_span_processor(BatchSpanProcessor(exporter))
        self.tracer = self.provider.get_tracer("unpack")
        self.running: Span | None = None
        app.before_request(self._begin)
        app.after_request(self._note)
        app.teardown_request(self._end)
        queue.rung.connect(self._hand_on)
        transport.called.connect(self._asked)

    @contextmanager
    def job(self, name: str, row_id: int) -> Iterator[None]:
        """The span of a job, in the trace of whoever rang for it."""
        job = f"{name}.run"
        span = self.tracer.start_span(
            name,
            context=_below(self._handed_on(job, row_id)),
            kind=SpanKind.CONSUMER,
            attributes={"unpack.row_id": row_id},
        )
        before, self.running = self.running, span
        try:
            yield
        except BaseException as error:
            span.set_status(StatusCode.ERROR, type(error).__name__)
            raise
        finally:
            self.running = before
            span.end()
            self.provider.force_flush(EXPORT_PATIENCE * 1000)  # before the process may end

    def _begin(self) -> None:
        """Pages that are read, and polls, are no presses."""
        if request.method not in READ_ONLY and request.url_rule is not None:
            method = request.method
            g.span = self.tracer.start_span(
                f"{method} {request.url_rule.rule}",
                context=Context(),  # whatever a stranger's headers say
                kind=SpanKind.SERVER,
                attributes={"http.request.method": method, "http.route": request.url_rule.rule},
            )

    def _note(self, response: Response) -> Response:
        if "span" in g:
            g.span.set_attribute("http.response.status_code", response.status_code)
        return response

    def _end(self, _: BaseException | None) -> None:
        if "span" in g:
            g.pop("span").end()

    def _current(self) -> Span | None:
        if has_request_context() and "span" in g:
            span: Span = g.span
            return span
        return self.running

    def _hand_on(self, job: str, *, row_id: int) -> None:
        """Leave the current trace where the job finds it; without Redis it begins another one."""
        if (span := self._current()) is None:
            return
        own = span.get_span_context()
        written = f"{trace.format_trace_id(own.trace_id)}-{trace.format_span_id(own.span_id)}"
        with suppress(RedisError):  # the bell itself says so
            queue.redis_connection().set(_key(job, row_id), written, ex=BELIEVED)

    def _handed_on(self, job: str, row_id: int) -> SpanContext | None:
        try:
            written: Any = queue.redis_connection().getdel(_key(job, row_id))
        except RedisError:  # whoever takes the bell away next says so
            return None
        found = WRITTEN.fullmatch(written or b"")
        if found is None:
            return None
        trace_id, span_id = (int(each, 16) for each in found.groups())
        flags = TraceFlags(TraceFlags.SAMPLED)
        return SpanContext(trace_id, span_id, is_remote=True, trace_flags=flags)

    def _asked(self, call: Call) -> None:
        """One request to Jira or Atlassian, from whichever thread it was sent."""
        if (span := self._current()) is None:
            return
        begin = _nanoseconds(call.started_at)
        asked = self.tracer.start_span(
            f"jira {call.operation}",
            context=_below(span.get_span_context()),
            kind=SpanKind.CLIENT,
            start_time=begin,
            attributes={"http.request.method": call.method},
        )
        if call.status is None or call.status >= 400:
            asked.set_status(StatusCode.ERROR)
        if call.status is not None:
            asked.set_attribute("http.response.status_code", call.status)
        if call.trace_id:
            asked.set_attribute("atlassian.trace_id", call.trace_id)
        asked.end(begin + call.duration_ms * 1_000_000)


def _below(parent: SpanContext | None) -> Context:
    """A context of that parent alone; of none, a trace begins."""
    if parent is None:
        return Context()
    return trace.set_span_in_context(trace.NonRecordingSpan(parent), Context())


def _key(job: str, row_id: int) -> str:
    return f"trace:{job}:{row_id}"


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000_000)
