"""Log lines: in the format that was asked for, and with whose organization they tell of."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from flask import Flask

from app.extensions import db
from app.operations import log_lines
from app.web import access
from config import ConfigurationError, from_environment
from tests.support import settings
from tests.support.connected import Acme
from tests.support.people import Person
from tests.support.processes import Start, processes
from tests.support.web_server import serving

log = logging.getLogger("app.test")


def record(message: str, **extra: object) -> logging.LogRecord:
    return log.makeRecord("app.test", logging.INFO, __file__, 1, message, (), None, extra=extra)


def test_a_json_line_holds_what_the_other_holds() -> None:
    line = record('said "no"\nand é', link=7, error="token=SECRETSECRET", path="/a b")

    found = json.loads(log_lines.JsonFormatter().format(line))

    assert {name: found[name] for name in ("level", "message", "link", "path")} == {
        "level": "info",
        "message": 'said "no"\nand é',
        "link": "7",
        "path": "/a b",
    }
    assert "SECRET" not in found["error"]


def test_a_format_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="LOG_FORMAT must be logfmt or json, not 'xml'"):
        from_environment(settings.ENVIRONMENT | {"LOG_FORMAT": "xml"})


@pytest.fixture
def start(database_url: str, redis_url: str) -> Iterator[Start]:
    given = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "LOG_FORMAT": "json"}
    with processes(**given) as start:
        yield start


@pytest.mark.whole
@pytest.mark.parametrize("module", ["jobs.worker", "jobs.ticker"])
def test_all_that_a_process_writes_is_json(start: Start, app: Flask, module: str) -> None:
    process = start(module)
    assert process.stdout is not None
    lines = []
    while not lines or not lines[-1]["message"].endswith("ready"):
        lines.append(json.loads(process.stdout.readline()))
    process.terminate()
    rest, _ = process.communicate(timeout=30)

    assert [json.loads(line)["level"] for line in rest.splitlines()].count("error") == 0


@pytest.mark.whole
def test_the_web_server_and_what_serves_it_write_json(
    tmp_path: Path, app: Flask, database_url: str, redis_url: str
) -> None:
    with serving(
        tmp_path, DATABASE_URL=database_url, REDIS_URL=redis_url, LOG_FORMAT="json"
    ) as web:
        requests.get(web.url, headers={"Host": "elsewhere.example"}, timeout=10)

    lines = [json.loads(line) for line in web.log.read_text().splitlines()]
    assert {"_granian", "app.web.doorway"} <= {line["logger"] for line in lines}


@pytest.mark.own_app
def test_a_page_of_an_organization_says_whose_it_is(
    app: Flask, client: Person, sample: None, capsys: pytest.CaptureFixture[str]
) -> None:
    @app.get("/organizations/<slug>/says")
    def says(slug: str) -> str:
        organization = access.organization_or_404(slug)
        db.session.rollback()  # what is known must not be asked of the database again
        log.warning("said of %s", organization.slug)
        return ""

    client.sign_in("admin@acme.test")
    client.get("/organizations/acme/says")

    # A migration that ran in this process before has left a handler of its own.
    lines = capsys.readouterr().err.splitlines()
    [line] = [each for each in lines if each.startswith("time=") and "said of" in each]
    assert "organization_id=1" in line
    assert " request=" in line


def test_a_job_says_for_whom_it_works(
    acme: Acme, drain: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    acme.commit_items()
    acme.jira.control.deny("CREATE_ISSUES", "PLAT")
    expected = acme.organization.id

    drain()

    lines = [each for each in capsys.readouterr().err.splitlines() if "run=jobs." in each]
    assert lines
    assert all(f"organization_id={expected}" in each for each in lines)
    assert log_lines.organization_id() is None, "nobody's once the job is over"
