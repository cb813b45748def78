"""`POST /webhooks/jira` against any body and any header, and over a real connection."""

import http.client
import json
import threading
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select
from werkzeug.serving import make_server

from app.clock import utcnow
from app.extensions import db
from app.jira.deliveries import UnusableDelivery
from app.models import JiraConnection, WebhookDelivery
from app.services.inbound import receive, signatures
from app.services.inbound.signatures import NotFromJira
from tests.support.application import commit_what_was_arranged
from tests.support.webhook_posts import ISSUE, NUMBER, PATH, SECRET, Poster, payload, token

MEGABYTE = 1024 * 1024
fuzzed = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def kept() -> list[WebhookDelivery]:
    db.session.expire_all()
    return list(db.session.scalars(select(WebhookDelivery)))


def test_bodies_that_say_nothing_are_refused(connection: JiraConnection, post: Poster) -> None:
    whole = payload()
    for body in (
        b"",
        b"not JSON",
        b"\xff\xfe\x00",
        b"[" * 500_000,
        b'{"issue":' * 100_000,
        b"1" * 10_000,
        b"null",
        b"[]",
        b'"text"',
        whole | {"issue": None},
        whole | {"issue": []},
        whole | {"issue": {"id": "KEY-1"}},
        whole | {"issue": {"id": "1" * 33}},
        whole | {"issue": {"id": "10012\n"}},
        whole | {"issue": {"id": "10012\x00"}},
        whole | {"issue": {"id": "١٢"}},
        whole | {"issue": {"id": -1}},
        whole | {"issue": {"id": True}},
        whole | {"matchedWebhookIds": None},
        whole | {"matchedWebhookIds": []},
        whole | {"matchedWebhookIds": {"0": NUMBER}},
        whole | {"matchedWebhookIds": [None, "x", -1, 2**63]},
    ):
        answer = post(body)

        assert (answer.status_code, answer.data) == (400, b""), body

    assert kept() == []


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything inside `value`."""
    inner: Any = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    for name, each in inner:
        yield (*path, name)
        yield from places(each, (*path, name))


def test_a_payload_may_have_nothing_in_any_place(connection: JiraConnection, post: Poster) -> None:
    needed = {("issue",), ("issue", "id"), ("matchedWebhookIds",), ("matchedWebhookIds", 0)}
    numbers = count(1)

    for path in places(payload()):
        for holed in _with_a_hole(payload(), path):
            expected = 400 if path in needed else 204
            code = post(holed, identifier=str(next(numbers))).status_code
            assert code == expected, (path, holed)

    assert {row.issue_id for row in kept()} == {ISSUE}
    assert {row.event for row in kept()} == {"jira:issue_updated", "unknown"}


def _with_a_hole(whole: dict[str, Any], path: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    """The payload with nothing, then without anything, at `path`."""
    inner: Any = whole
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = None
    yield whole
    del inner[path[-1]]
    yield whole


HOSTS = ("\ud800", "a\x00b", "ＪＩＲＡ", "x" * 300, "[", "a b", "%", "user@host")


@pytest.mark.both_databases
def test_a_host_of_any_letters_is_an_unknown_host(connection: JiraConnection, post: Poster) -> None:
    for host in HOSTS:
        assert post(payload(host=host)).status_code == 204, host

    assert len(kept()) == len(HOSTS)


things = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text(max_size=20)
    | some.sampled_from([ISSUE, NUMBER, "jira:issue_updated", "https://[", "\ud800", "\x00"]),
    lambda inner: (
        some.lists(inner, max_size=4)
        | some.dictionaries(
            some.sampled_from(["id", "self", "key", "issue", "test"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
bodies = some.fixed_dictionaries(
    {},
    optional={
        "webhookEvent": things,
        "issue": things | some.fixed_dictionaries({"id": things, "self": things}),
        "matchedWebhookIds": things | some.lists(things, max_size=5),
        "property": things | some.fixed_dictionaries({"key": things, "value": things}),
    },
).map(lambda shape: json.dumps(shape).encode())


@given(body=bodies | some.binary(max_size=200))
@fuzzed
def test_what_is_read_of_any_body_fits_its_columns(body: bytes) -> None:
    try:
        delivery = receive.read(body, None, retried=False)
    except UnusableDelivery:
        return
    hint = delivery.hint
    assert 0 < len(hint.issue_id) <= 32
    assert hint.issue_id.isascii()
    assert hint.issue_id.isdigit()
    assert 0 < len(hint.event) <= 64
    assert hint.event.isascii()
    assert hint.event.isprintable()
    assert hint.webhook_ids
    assert all(0 < number < 2**63 for number in hint.webhook_ids)
    assert len(delivery.identifier) <= 255


@given(header=some.text(max_size=200) | some.text(max_size=60).map("Bearer {}".format))
@fuzzed
def test_no_header_of_chance_is_believed_or_breaks_anything(header: str) -> None:
    with pytest.raises(NotFromJira):
        signatures.check(header, [SECRET], utcnow())


@given(body=bodies, identifier=some.text(max_size=300))
@settings(fuzzed, max_examples=40)
def test_any_body_gets_an_answer(
    connection: JiraConnection, post: Poster, body: bytes, identifier: str
) -> None:
    name = identifier.encode("latin-1", "replace").decode("latin-1")
    clean = "".join(letter for letter in name if letter not in "\r\n\x00")

    assert post(body, identifier=clean).status_code in {204, 400}


@pytest.fixture
def address(app: Flask) -> Iterator[tuple[str, int]]:
    """The app behind a real socket."""
    server = make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield "localhost", server.port
    server.shutdown()
    thread.join()
    server.server_close()


def padded(size: int) -> bytes:
    """A body that is fine, and `size` bytes long."""
    whole = json.dumps(payload()).encode()
    return whole + b" " * (size - len(whole))


@pytest.mark.parametrize("announced", [True, False], ids=["length", "chunks"])
@pytest.mark.parametrize(
    ("size", "authorized", "code"),
    [
        (4096, True, 204),
        (MEGABYTE, True, 204),
        (MEGABYTE + 1, True, 413),
        (2 * MEGABYTE, True, 413),
        (4096, False, 401),
    ],
)
def test_a_body_may_have_a_megabyte(
    connection: JiraConnection,
    address: tuple[str, int],
    size: int,
    authorized: bool,
    code: int,
    announced: bool,
) -> None:
    body = padded(size)
    headers = {"Authorization": f"Bearer {token()}"} if authorized else {}
    sent: Any = body if announced else (body[at : at + 65536] for at in range(0, size, 65536))
    commit_what_was_arranged()

    line = http.client.HTTPConnection(*address, timeout=10)
    try:
        line.request("POST", PATH, sent, headers, encode_chunked=not announced)
    except OSError:
        assert code != 204  # it was refused before all of it was sent
    assert line.getresponse().status == code

    line.close()
    assert len(kept()) == (code == 204)


@pytest.mark.parametrize(("authorized", "code"), [(True, 413), (False, 401)])
def test_no_body_is_waited_for_that_will_not_be_read(
    connection: JiraConnection, address: tuple[str, int], authorized: bool, code: int
) -> None:
    commit_what_was_arranged()
    line = http.client.HTTPConnection(*address, timeout=10)
    line.putrequest("POST", PATH)
    line.putheader("Content-Length", str(2 * MEGABYTE))
    if authorized:
        line.putheader("Authorization", f"Bearer {token()}")
    line.endheaders()

    assert line.getresponse().status == code
    line.close()
