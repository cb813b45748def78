"""What dashboard, alerts and docs name is what `/metrics` tells."""

import json
import re
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from app.clock import utcnow
from app.jira import transport
from app.jira.types import Call
from tests.support.people import Person
from tests.support.source_files import ROOT

TOKEN = "to-scrape-with-7Qx0u-and-nothing-beside-it"
DASHBOARD = ROOT / "deploy" / "grafana" / "unpack.json"
ALERTS = ROOT / "deploy" / "prometheus" / "unpack-alerts.yml"
OPERATIONS = ROOT / "docs" / "operations.md"
NAME = re.compile(r"\bunpack_[a-z_]+")
SELECTED = re.compile(r"\b(unpack_[a-z_]+)\{([^}]*)\}")

pytestmark = [pytest.mark.own_app, pytest.mark.environment(METRICS_TOKEN=TOKEN)]


@pytest.fixture
def told(client: Person, redis: Redis) -> dict[str, dict[str, set[str]]]:
    """By the name of each sample, its labels with the values that they have."""
    transport.called.send(Call("edit_issue", "PUT", "/x", 204, 90, None, False, utcnow()))
    client.get("/sign-in")  # whose end writes what was asked
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    found: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(text):
        for sample_ in family.samples:
            for label, value in sample_.labels.items():
                found.setdefault(sample_.name, {}).setdefault(label, set()).add(value)
            found.setdefault(sample_.name, {})
    return found


def alerts() -> list[dict[str, Any]]:
    [group] = yaml.safe_load(ALERTS.read_text())["groups"]
    return list(group["rules"])


def expressions() -> list[str]:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    drawn = [target["expr"] for panel in panels for target in panel["targets"]]
    return [*drawn, *(rule["expr"] for rule in alerts())]


def test_every_metric_that_is_named_is_told(told: dict[str, dict[str, set[str]]]) -> None:
    named = {name for text in expressions() for name in NAME.findall(text)}

    assert len(named) > 20
    assert named - set(told) == set()


def test_every_label_that_is_asked_for_is_there(told: dict[str, dict[str, set[str]]]) -> None:
    counted_as_it_happens = {"route", "status"}
    wrong = [
        f"{name}{{{label}={value}}}"
        for text in expressions()
        for name, inner in SELECTED.findall(text)
        for label, values in re.findall(r'(\w+)(?:=|=~|!~)"([^"]*)"', inner)
        for value in values.split("|")
        if label not in told[name]
        or (label not in counted_as_it_happens and value not in told[name][label])
    ]

    assert wrong == []


def test_the_docs_name_what_is_told_and_nothing_else(
    told: dict[str, dict[str, set[str]]],
) -> None:
    ours = {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in told}
    documented = set(re.findall(r"^\| `(unpack_\w+)", OPERATIONS.read_text(), re.MULTILINE))

    assert documented == {name for name in ours if name.startswith("unpack_")}


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_what_is_wrong_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert len(rule["annotations"]["summary"]) > 20
    assert len(rule["annotations"]["action"]) > 30


def test_panels_lie_beside_each_other() -> None:
    places = [panel["gridPos"] for panel in json.loads(DASHBOARD.read_text())["panels"]]
    cells = [
        (x, y)
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
