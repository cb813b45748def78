"""How a request travels: signed, once, never in doubt without saying so. Real sockets."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import pytest
import requests

from app.jira.client import JiraClient, recorded_calls
from app.jira.errors import JiraUnavailable
from app.jira.types import IssueDraft
from tests.jira.addresses import API_URL, REST_URL, TOKEN

DRAFT = IssueDraft(fields={"summary": "Fix flaky build"})


@contextmanager
def server_that(answer: bytes | None) -> Iterator[str]:
    """A server that reads one request and sends `answer`, or stays silent, then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))
    finished = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            if answer is None:
                finished.wait(10)
            else:
                connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finished.set()
    thread.join(10)
    listener.close()


@contextmanager
def server_that_trickles(head: bytes) -> Iterator[str]:
    """A server that sends `head` and then a space every 50 ms, until nobody listens any more."""
    listener = socket.create_server(("127.0.0.1", 0))
    finished = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(head)
            while not finished.wait(0.05):
                connection.sendall(b" ")

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finished.set()
    thread.join(10)
    listener.close()


def failure(url: str) -> JiraUnavailable:
    client = JiraClient(api_url=url, cloud_id="c", access_token=TOKEN, timeout=(1, 0.2))
    with pytest.raises(JiraUnavailable) as caught:
        client.create_issue(DRAFT)
    return caught.value


def test_a_refused_connection_did_nothing():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"

    assert not failure(url).outcome_unknown


def test_a_host_that_does_not_exist_did_nothing():
    assert not failure("http://jira.invalid").outcome_unknown


def test_silence_after_sending_leaves_a_write_in_doubt():
    with server_that(None) as url:
        assert failure(url).outcome_unknown


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 201 Created\r\n",
        b'HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{"id"',
        b'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"id"\r\n',
        b"HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"nonsense\r\n\r\n",
    ],
    ids=["nothing", "half a head", "half a body", "half the chunks", "bad gzip", "no HTTP"],
)
def test_a_connection_dropped_after_sending_leaves_a_write_in_doubt(answer):
    with server_that(answer) as url:
        assert failure(url).outcome_unknown


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 201 Created\r\nContent-Length: 9999\r\n\r\n",
        b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n270f\r\n",
        b"HTTP/1.1 201 Created\r\nX-Slow:",
        b"HTTP",
    ],
    ids=["body", "chunks", "headers", "status"],
)
def test_an_answer_that_trickles_ends_with_the_timeout_and_leaves_a_write_in_doubt(head):
    with server_that_trickles(head) as url:
        started = time.monotonic()

        assert failure(url).outcome_unknown

        assert time.monotonic() - started < 2


def test_a_body_without_end_is_not_kept(monkeypatch):
    monkeypatch.setattr("app.jira.transport.LONGEST_BODY", 1000)
    answer = b"HTTP/1.1 201 Created\r\nContent-Length: 2000\r\n\r\n" + b" " * 2000

    with server_that(answer) as url:
        assert failure(url).outcome_unknown


def test_a_tls_server_that_nobody_vouches_for_was_sent_nothing(atlassian, client):
    from urllib3.exceptions import MaxRetryError
    from urllib3.exceptions import SSLError as TlsError

    refused = TlsError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate")
    broken = requests.exceptions.SSLError(MaxRetryError(None, "/", refused))
    atlassian.post(f"{REST_URL}/issue", body=broken)

    with pytest.raises(JiraUnavailable) as caught:
        client.create_issue(DRAFT)

    assert not caught.value.outcome_unknown


def test_a_failure_on_the_way_tells_no_address_and_no_token(atlassian, client):
    url = f"{REST_URL}/user/search"
    atlassian.get(url, body=requests.ConnectionError(f"{url}?query=maya@acme.test {TOKEN}"))

    with pytest.raises(JiraUnavailable) as caught:
        client.people("maya@acme.test")

    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert caught.value.body == "ConnectionError"


def test_a_request_is_signed_and_asks_for_json(atlassian, client):
    atlassian.get(f"{REST_URL}/myself", json={"accountId": "a1"})

    client.myself()

    headers = atlassian.calls[0].request.headers
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["Accept"] == "application/json"


def test_a_redirect_is_never_followed(atlassian, client):
    elsewhere = {"Location": "https://elsewhere.test/myself"}
    atlassian.get(f"{REST_URL}/myself", status=302, headers=elsewhere)

    with pytest.raises(JiraUnavailable) as caught:
        client.myself()

    assert caught.value.status == 302


def test_a_dropped_request_is_not_sent_again():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        client = JiraClient(api_url=address, cloud_id="c", access_token=TOKEN, timeout=(1, 5))
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(client.myself)
            connection, _ = listener.accept()
            connection.recv(65536)
            connection.close()
            assert isinstance(asking.exception(timeout=10), JiraUnavailable)
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_a_cookie_of_the_gateway_is_not_sent_back(atlassian, client):
    cookie = {"Set-Cookie": "session=abc; Path=/"}
    atlassian.get(f"{REST_URL}/myself", json={"accountId": "a1"}, headers=cookie)

    client.myself()
    client.myself()

    assert "Cookie" not in atlassian.calls[1].request.headers


def test_nothing_is_sent_when_the_application_forbids_it(atlassian):
    def forbid() -> None:
        raise RuntimeError("a transaction is open")

    client = JiraClient(
        api_url=API_URL, cloud_id="cloud-1", access_token=TOKEN, before_request=forbid
    )

    with recorded_calls() as calls, pytest.raises(RuntimeError, match="transaction"):
        client.myself()

    assert calls == []


def test_every_request_is_recorded_without_its_query(atlassian, client):
    headers = {"Atl-Traceid": "abc", "X-RateLimit-NearLimit": "true"}
    headers["Date"] = "Tue, 24 Nov 2026 15:20:00 GMT"
    atlassian.get(f"{REST_URL}/user/search", json=[], headers=headers)

    with recorded_calls() as calls:
        client.people("maya@acme.test")

    [call] = calls
    assert (call.operation, call.method, call.path) == ("people", "GET", "/user/search")
    assert (call.status, call.trace_id, call.near_limit) == (200, "abc", True)
    assert call.duration_ms >= 0
    assert call.started_at.tzinfo is not None
    assert call.answered_at == datetime(2026, 11, 24, 15, 20, tzinfo=UTC)


def test_a_request_without_an_answer_is_recorded_too(atlassian, client):
    atlassian.get(f"{REST_URL}/myself", body=requests.ReadTimeout())

    with recorded_calls() as calls, pytest.raises(JiraUnavailable):
        client.myself()

    found = [(call.status, call.near_limit, call.answered_at) for call in calls]
    assert found == [(None, False, None)]


def test_a_recording_inside_another_counts_in_both(atlassian, client):
    atlassian.get(f"{REST_URL}/myself", json={"accountId": "a1"})

    with recorded_calls() as outer:
        client.myself()
        with recorded_calls() as inner:
            client.myself()

    assert (len(outer), len(inner)) == (2, 1)


def test_eight_threads_share_a_client_and_record_apart(atlassian, client):
    atlassian.get(f"{REST_URL}/myself", json={"accountId": "a1"})

    def ask(_: int) -> int:
        with recorded_calls() as calls:
            client.myself()
        return len(calls)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(40))) == [1] * 40


@pytest.mark.parametrize("address", ["", "api.atlassian.com", "file:///etc/passwd"])
def test_an_address_that_is_none_is_refused_at_once(address):
    with pytest.raises(ValueError, match="http"):
        JiraClient(api_url=address, cloud_id="c", access_token=TOKEN)
