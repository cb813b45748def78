"""The floor that commits are held against, on a running double."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench import doubled, replay
from bench.doubled import Double

LATENCY = 0.05


@pytest.fixture
def double(tmp_path: Path) -> Iterator[Double]:
    with doubled.running(tmp_path) as running:
        running.set(LATENCY)
        yield running


def recorded(path: str, body: Any, arrived: float, answered: float, made: list[str]) -> Any:
    return {
        "method": "POST", "path": path, "query": {}, "body": body,
        "arrived": arrived, "answered": answered, "made": made,
    }  # fmt: skip


def create(arrived: float, answered: float, made: str = "1") -> Any:
    body = {"fields": {"summary": "One", "project": {"key": "PLAT"}}}
    return recorded("/rest/api/3/issue", body, arrived, answered, [made])


def read(issue: str, arrived: float) -> Any:
    body = {"issueIdsOrKeys": [issue]}
    return recorded("/rest/api/3/issue/bulkfetch", body, arrived, arrived + 1, [])


def test_as_many_are_in_flight_as_were_at_most(double: Double) -> None:
    together = [create(0, 2), create(1, 3), create(1.5, 4), create(1.7, 5)]
    one_by_one = [create(at, at + 0.5) for at in range(4)]

    assert replay.at_once(together) == 4
    assert replay.at_once(one_by_one) == 1
    assert LATENCY <= replay.seconds(double.url, together) < 3 * LATENCY
    assert replay.seconds(double.url, one_by_one) >= 4 * LATENCY


def test_a_read_waits_for_the_request_that_made_the_issue(double: Double) -> None:
    asked = [create(0, 2, made="1"), create(0, 2, made="2"), read("2", 1)]
    assert replay.at_once(asked) == 3

    assert replay.seconds(double.url, asked) >= 2 * LATENCY
    kinds = [each["path"].rpartition("/")[2] for each in double.asked()]
    assert kinds == ["issue", "issue", "bulkfetch"]


def test_the_double_remembers_what_it_was_asked_until_it_forgets(double: Double) -> None:
    replay.seconds(double.url, [create(0, 1)])
    [asked] = double.asked()

    assert asked["body"]["fields"]["summary"] == "One"
    assert asked["answered"] - asked["arrived"] >= LATENCY
    assert len(asked["made"]) == 1
    double.forget()
    assert double.asked() == []


def test_a_bulk_takes_longer_with_each_issue_where_that_is_asked_for(double: Double) -> None:
    draft = create(0, 1)["body"]
    bulk = recorded("/rest/api/3/issue/bulk", {"issueUpdates": [draft] * 5}, 0, 1, [])
    double.set(LATENCY, per_issue=0.05)

    assert replay.seconds(double.url, [bulk]) >= LATENCY + 5 * 0.05
    assert len(double.asked()[0]["made"]) == 5
