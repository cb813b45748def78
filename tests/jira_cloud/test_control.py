"""The control interface, in this process and over HTTP."""

import threading

import pytest
import requests

from demo.jira_cloud.control.remote import RemoteControl
from demo.jira_cloud.control.verbs import Control
from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.installation import eventually
from tests.support.jira_cloud_api import Api, Connect


def test_the_same_verbs_answer_over_http(cloud: RunningJiraCloud, api: Api) -> None:
    remote = RemoteControl(cloud.url)

    key = remote.create_issue("PLAT", "From afar", duedate="2026-12-01")["key"]
    remote.fault("error", "myself", times=1)

    assert cloud.control.issue(key)["fields"]["summary"] == "From afar"
    assert api.get("/myself").status_code == 500
    with pytest.raises(ValueError, match="There is no issue"):
        remote.issue("PLAT-99")
    with pytest.raises(ValueError, match="no verb"):
        remote.explode()


def test_the_overview_names_every_verb(cloud: RunningJiraCloud) -> None:
    verbs = requests.get(f"{cloud.url}/_control/", timeout=10).json()

    public = {name for name in dir(Control) if not name.startswith("_")}
    assert set(verbs) == public


def test_a_request_in_flight_names_the_port_of_who_asked(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.fault("latency", "myself", min_ms=400, max_ms=400)
    asking = threading.Thread(target=api.get, args=("/myself",))
    asking.start()

    eventually(cloud.control.in_flight)
    [request] = cloud.control.in_flight()
    asking.join()

    assert (request["operation"], request["port"] > 0) == ("myself", True)
    assert cloud.control.in_flight() == []


def test_a_page_of_somebody_else_cannot_press_buttons(cloud: RunningJiraCloud) -> None:
    cross = {"Sec-Fetch-Site": "cross-site"}

    answer = requests.post(f"{cloud.url}/_control/reset", headers=cross, timeout=10)

    assert answer.status_code == 403


def test_a_reset_forgets_everything(cloud: RunningJiraCloud, connect: Connect) -> None:
    api = connect()
    api.post("/issue", bodies.issue())
    cloud.control.set(down=True)
    cloud.control.client(client_secret="other")

    cloud.control.reset()

    assert cloud.control.issues() == []
    assert cloud.control.grants() == []
    assert not cloud.control.conditions()["down"]
    assert api.get("/myself").status_code == 401
    assert connect().post("/issue", bodies.issue()).json()["key"] == "PLAT-1"


def test_people_in_jira_are_held_to_jiras_rules(cloud: RunningJiraCloud) -> None:
    with pytest.raises(ValueError, match="less than 255"):
        cloud.control.create_issue("PLAT", "x" * 300)


def test_grants_count_their_refreshes(cloud: RunningJiraCloud) -> None:
    pair = cloud.control.issue_tokens("admin@acme.test", sites=["acme-eng"])
    body = {
        "grant_type": "refresh_token",
        "client_id": "unpack-demo",
        "client_secret": "unpack-demo-secret",
        "refresh_token": pair["refresh_token"],
    }
    requests.post(f"{cloud.url}/oauth/token", json=body, timeout=10)

    (grant,) = cloud.control.grants()

    assert (grant["account"], grant["sites"], grant["refreshes"]) == (
        "admin@acme.test",
        ["acme-eng"],
        1,
    )
