"""Traces: one from a press to the key, nothing personal in it, and nothing loaded while off."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from redis import Redis
from rq.job import Job

from app import queue
from app.extensions import db
from app.models import Phase, User
from app.operations import spans, tracing
from app.operations.spans import Traces
from config import ConfigurationError, from_environment
from tests.support import settings
from tests.support.collector import collecting
from tests.support.connected import Acme
from tests.support.installation import eventually
from tests.support.people import Person
from tests.support.source_files import ROOT

pytestmark = [pytest.mark.own_app, pytest.mark.environment(**settings.NO_DELAYS)]

Work = Callable[[], list[Job]]
Told = Callable[[], Sequence[ReadableSpan]]


@pytest.fixture
def told(app: Flask, acme: Acme, work: Work) -> Told:
    """What is exported from now on, the first to begin first."""
    work()
    exporter = InMemorySpanExporter()
    traces = Traces(app, exporter)
    app.extensions[tracing.EXTENSION] = traces

    def exported() -> Sequence[ReadableSpan]:
        traces.provider.force_flush()
        return sorted(exporter.get_finished_spans(), key=lambda each: each.start_time or 0)

    return exported


def enter_commit(acme: Acme, person: Person) -> None:
    acme.retrospective.phase = Phase.DISCUSS
    page = f"/retrospectives/{acme.retrospective.id}"
    answer = person.post(f"{page}/phase", {"shown": "discuss", "to": "commit"})
    assert answer.status_code == 303


def ids(span: ReadableSpan) -> tuple[int, int]:
    """Of its trace, and of the span."""
    return span.context.trace_id, span.context.span_id


def test_one_trace_leads_from_the_press_to_the_key(
    acme: Acme, signed_in: Callable[[str], Person], told: Told, work: Work
) -> None:
    person = signed_in("facilitator@acme.test")
    told()
    enter_commit(acme, person)
    work()

    [press] = [
        each for each in told() if re.fullmatch(r"POST /retrospectives/<[^>]+>/phase", each.name)
    ]
    same = [each for each in told() if ids(each)[0] == ids(press)[0]]
    [drain] = [each for each in same if each.name == "jobs.sync_connection"]
    creates = [each for each in same if each.name in {"jira create_issue", "jira create_issues"}]

    assert press.parent is None
    assert drain.parent is not None
    assert drain.parent.span_id == ids(press)[1]
    assert len(acme.items) == len(acme.issues()) == 5
    assert sorted(each.name for each in creates) == ["jira create_issue", "jira create_issues"]
    assert {each.parent and each.parent.span_id for each in creates} == {ids(drain)[1]}
    assert {(each.attributes or {})["http.response.status_code"] for each in creates} == {201}
    assert (press.attributes or {})["http.response.status_code"] == 303
    assert dict(drain.attributes or {}) == {"unpack.row_id": acme.connection.id}


def test_names_and_attributes_tell_of_nobody(
    acme: Acme, signed_in: Callable[[str], Person], told: Told, work: Work
) -> None:
    enter_commit(acme, signed_in("facilitator@acme.test"))
    work()

    everything = " ".join(each.to_json() for each in told()).lower()
    people = [word for each in db.session.query(User) for word in (each.email, each.name)]
    titles = [each.title for each in acme.items] + [acme.retrospective.title]
    sites = [acme.connection.site_url, acme.connection.cloud_id, acme.connection.account_id]

    assert "jira create_issue" in everything
    assert [
        each for each in [*people, *titles, *sites] if each and each.lower() in everything
    ] == []
    assert "bearer" not in everything


def test_the_queue_carries_a_row_and_nothing_else(
    acme: Acme,
    signed_in: Callable[[str], Person],
    told: Told,
    queued: Callable[[], list[Job]],
    redis: Redis,
) -> None:
    enter_commit(acme, signed_in("facilitator@acme.test"))

    drains = [each for each in queued() if each.func_name == queue.SYNC_CONNECTION]
    assert [(each.args, each.kwargs, each.meta) for each in drains] == [
        ([acme.connection.id], {}, {})
    ]
    [key] = redis.keys("trace:*")
    assert 0 < redis.ttl(key) <= 60


@pytest.mark.parametrize("written", [b"", b"x" * 49, b"0" * 33 + b"-" + b"1" * 16])
def test_what_others_write_beside_a_bell_begins_another_trace(
    acme: Acme, told: Told, work: Work, redis: Redis, written: bytes
) -> None:
    connection = acme.connection.id
    redis.set(f"trace:{queue.SYNC_CONNECTION}:{connection}", written)
    queue.ring(connection)
    work()

    [drain] = [each for each in told() if each.name == "jobs.sync_connection"]
    assert drain.parent is None


def test_reading_pages_is_no_press(signed_in: Callable[[str], Person], told: Told) -> None:
    person = signed_in("facilitator@acme.test")
    before = len(told())

    person.get("/organizations/acme")

    assert len(told()) == before


def test_a_job_in_a_process_of_its_own_sends_its_span(
    app: Flask, sample: None, redis_url: str, database_url: str
) -> None:
    given = settings.ENVIRONMENT | {"REDIS_URL": redis_url, "DATABASE_URL": database_url}
    with collecting() as collected:
        given["OTEL_EXPORTER_OTLP_ENDPOINT"] = collected.url
        command = [sys.executable, "-m", "jobs.worker"]
        worker = subprocess.Popen(command, cwd=ROOT, env=os.environ | given)
        try:
            queue.ring(77)
            eventually(lambda: "jobs.sync_connection" in collected.text())
        finally:
            worker.terminate()
            worker.wait(timeout=30)

    assert {path for path, _ in collected.received} == {"/v1/traces"}


LOADED = """
import sys
from app import create_app
create_app()
# redis-py loads a part of OpenTelemetry by itself, where it is installed.
ours = ("opentelemetry.exporter", "opentelemetry.sdk.trace", "app.operations.spans")
print([each for each in sys.modules if each.startswith(ours)])
"""


def test_nothing_of_it_is_loaded_while_it_is_off(database_url: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=ROOT,
        env=os.environ | settings.ENVIRONMENT | {"DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert said == "[]\n"


def test_without_the_libraries_it_says_what_to_install(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://localhost:4318"
    monkeypatch.delattr("app.operations.spans")
    monkeypatch.setitem(sys.modules, spans.__name__, None)

    with pytest.raises(ConfigurationError, match=r"requirements-tracing\.txt"):
        tracing.init_app(app)


def test_an_endpoint_that_is_no_address_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="OTEL_EXPORTER_OTLP_ENDPOINT"):
        from_environment(settings.ENVIRONMENT | {"OTEL_EXPORTER_OTLP_ENDPOINT": "collector"})
