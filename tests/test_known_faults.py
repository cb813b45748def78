"""`make known-faults`: what is known of the libraries, and what could not be learned."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.support import known_faults
from tests.support.ports import free_port

FAULT = {
    "id": "GHSA-0000",
    "affected": [
        {
            "package": {"name": "flask", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9.9"}]}],
        }
    ],
}


class _Known(BaseHTTPRequestHandler):
    """A list of faults, with one of Flask."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        faults = [FAULT] if asked["package"]["name"] == "flask" else []
        body = json.dumps({"vulns": faults} if faults else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def known() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Known) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    file = tmp_path / "requirements.txt"
    file.write_text("".join(f"{name}==3.0 --hash=sha256:{'0' * 64}\n" for name in ("flask", "rq")))
    return file


def test_a_fault_is_named_with_what_mends_it(known: str, pinned: Path) -> None:
    report = known_faults.asked(pinned, ("--vulnerability-service", "osv", "--osv-url", known))

    assert report.code == known_faults.FAULTY
    assert known_faults.lines(report) == ["flask 3.0: GHSA-0000, mended in 9.9"]


def test_a_list_out_of_reach_is_not_taken_for_an_empty_one(pinned: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/v1/query"

    report = known_faults.asked(pinned, ("--vulnerability-service", "osv", "--osv-url", nowhere))

    assert report.code == known_faults.UNKNOWN
    assert known_faults.lines(report)[-1].endswith("nothing was looked up.")


@pytest.mark.parametrize(
    ("libraries", "code", "said"),
    [
        ([{"name": "rq", "version": "2", "vulns": []}], 0, "No fault is known"),
        ([{"name": "rq", "skip_reason": "Dependency not found"}], 2, "nothing was looked up"),
        (
            [{"name": "rq", "skip_reason": ""}, {"name": "flask", "version": "3", "vulns": []}],
            2,
            "Nothing could be learned of rq.",
        ),
    ],
)
def test_what_was_skipped_was_not_checked(
    libraries: list[dict[str, object]], code: int, said: str
) -> None:
    report = known_faults.read({"dependencies": libraries})

    assert report.code == code
    assert said in known_faults.lines(report)[0]
