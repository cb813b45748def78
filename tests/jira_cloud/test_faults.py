"""Trouble on purpose, and what is written down about it."""

import time

import pytest
import requests

from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api


def test_a_connection_can_be_dropped_after_the_issue_was_created(
    cloud: RunningJiraCloud, api: Api
) -> None:
    cloud.control.fault("drop_after", "create", times=1)

    with pytest.raises(requests.ConnectionError):
        api.post("/issue", bodies.issue())

    assert len(cloud.control.issues()) == 1
    (entry,) = cloud.control.requests("create")
    assert (entry["status"], entry["fault"], entry["done"]) == (0, "drop_after", True)
    assert api.post("/issue", bodies.issue()).status_code == 201


def test_an_answer_can_be_cut_after_an_issue_was_created(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.fault("truncate", "create", times=1)

    answer = api.post("/issue", bodies.issue())

    assert answer.status_code == 201
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert len(cloud.control.issues()) == 1
    (entry,) = cloud.control.requests("create")
    assert (entry["fault"], entry["done"]) == ("truncate", True)


def test_a_connection_can_be_dropped_before_anything_happens(
    cloud: RunningJiraCloud, api: Api
) -> None:
    cloud.control.fault("drop_before", "create")

    with pytest.raises(requests.ConnectionError):
        api.post("/issue", bodies.issue())

    assert cloud.control.issues() == []


def test_the_next_two_times_and_not_the_first(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.fault("error", "myself", skip=1, times=2)

    assert [api.get("/myself").status_code for _ in range(5)] == [200, 500, 500, 200, 200]
    assert cloud.control.faults() == []


def test_a_rule_names_operations_or_patterns(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.fault("status", "createmeta_*", "myself", status=418, body={"tea": True})

    assert api.get("/myself").json() == {"tea": True}
    assert api.get("/issue/createmeta/PLAT/issuetypes").status_code == 418
    assert api.get("/statuscategory").status_code == 200


def test_a_429_brings_its_reason_and_may_lack_retry_after(
    cloud: RunningJiraCloud, api: Api
) -> None:
    cloud.control.fault("rate_limit", retry_after=7, reason="jira-quota-global-based", times=1)
    cloud.control.fault("rate_limit", times=1)

    told, silent = api.get("/myself"), api.get("/myself")

    assert told.headers["Retry-After"] == "7"
    assert told.headers["RateLimit-Reason"] == "jira-quota-global-based"
    assert silent.status_code == 429
    assert "Retry-After" not in silent.headers


def test_a_probability_rolls_the_same_with_the_same_seed(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.fault("error", probability=0.5)
    runs = []
    for _ in range(2):
        cloud.control.seed(3)
        runs.append([api.get("/myself").status_code for _ in range(12)])

    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 500}


def test_latency_holds_up_one_answer_and_nobody_else(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.fault("latency", "myself", min_ms=120, max_ms=150)
    started = time.monotonic()

    assert api.get("/myself").status_code == 200

    assert time.monotonic() - started >= 0.12
    assert cloud.control.requests("myself")[0]["milliseconds"] >= 120


def test_down_is_an_html_page_for_everything(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.set(down=True)

    for answer in (api.get("/myself"), requests.post(f"{cloud.url}/oauth/token", timeout=10)):
        assert answer.status_code == 503
        assert answer.headers["Content-Type"].startswith("text/html")
    cloud.control.calm()
    assert api.get("/myself").status_code == 200


def test_a_word_that_is_no_rule_is_refused(cloud: RunningJiraCloud) -> None:
    with pytest.raises(ValueError, match="kind of a rule"):
        cloud.control.fault("earthquake")
    with pytest.raises(ValueError, match="has no chance"):
        cloud.control.fault("error", chance=0.5)
    with pytest.raises(ValueError, match="no project"):
        cloud.control.deny("CREATE_ISSUES", project="NOPE")
    with pytest.raises(ValueError, match="no switch"):
        cloud.control.set(dwon=True)


def test_a_project_or_site_can_vanish(cloud: RunningJiraCloud, api: Api) -> None:
    key = api.post("/issue", bodies.issue()).json()["key"]
    cloud.control.remove_project("PLAT")
    assert api.get(f"/issue/{key}").status_code == 404
    assert "project" in api.post("/issue", bodies.issue()).json()["errors"]
    cloud.control.remove_project("PLAT", on=False)
    assert api.get(f"/issue/{key}").status_code == 200

    cloud.control.remove_site("acme-eng")
    assert api.get(f"/issue/{key}").status_code == 404


def test_the_log_counts_what_came(cloud: RunningJiraCloud, api: Api) -> None:
    api.get("/myself")
    api.post("/issue", bodies.issue("NOPE"))

    counters = cloud.control.counters()

    assert counters["by_operation"] == {"myself": 1, "create": 1}
    assert counters["by_status"] == {"200": 1, "400": 1}
    assert counters["most_in_flight"] == 1
    entry = cloud.control.requests("create")[0]
    assert entry["site"] == "acme-eng"
    assert entry["body"]["fields"]["project"] == {"key": "NOPE"}


def test_secrets_are_not_in_the_log(cloud: RunningJiraCloud) -> None:
    body = {"grant_type": "refresh_token", "client_secret": "s", "refresh_token": "t"}
    requests.post(f"{cloud.url}/oauth/token", json=body, timeout=10)

    assert cloud.control.requests("token")[0]["body"] == {"grant_type": "refresh_token"}
