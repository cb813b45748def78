"""Which connections a delivery is for."""

from collections.abc import Callable
from typing import Any

import pytest
from rq.job import Job

from app.models import (
    JiraConnection,
    WebhookState,
)
from tests.support.webhook_posts import (
    HOST,
    ISSUE,
    NUMBER,
    Poster,
    kept,
    other_connection,
    payload,
    registered,
)

OTHER = "tiny-team.atlassian.net"


def test_the_webhook_that_is_being_replaced_still_counts(
    connection: JiraConnection, post: Poster
) -> None:
    registered(connection, 999, state=WebhookState.RETIRED)

    assert post(payload(webhooks=[999, NUMBER])).status_code == 204
    assert post(payload(webhooks=["999"])).status_code == 204

    assert len(kept()) == 2


NOBODYS: dict[str, dict[str, Any]] = {
    "an unknown webhook": {"webhooks": [7]},
    "an unknown webhook among absurd ones": {"webhooks": [-1, 0, 2**63, None, "x", True, [], 7]},
    "an unknown webhook of an unknown site": {"webhooks": [7], "host": "nobody.atlassian.net"},
}


def test_what_nobody_wants_is_taken_and_forgotten(connection: JiraConnection, post: Poster) -> None:
    for name, values in NOBODYS.items():
        assert post(payload(**values)).status_code == 204, name

    assert kept() == []


def test_of_absurdly_many_webhooks_a_hundred_are_looked_at(
    connection: JiraConnection, post: Poster
) -> None:
    many = list(range(2000, 12_000))

    assert post(payload(webhooks=[*many, NUMBER])).status_code == 204
    assert kept() == []
    assert post(payload(webhooks=[NUMBER, *many])).status_code == 204
    assert len(kept()) == 1


def test_the_host_tells_two_sites_with_the_same_number_apart(
    connection: JiraConnection, post: Poster
) -> None:
    other = other_connection(OTHER)
    registered(other)

    post(payload(host=HOST.upper()))
    post(payload(host=OTHER))
    post(payload(host="renamed.atlassian.net"))
    post(payload() | {"issue": {"id": ISSUE}})

    told = [row.connection_id for row in kept()]
    assert told == [connection.id, other.id, connection.id, other.id, connection.id, other.id]


def at_the_gateway(cloud_id: str) -> dict[str, Any]:
    """A body whose issue has the address of Atlassian's gateway, which all sites share."""
    place = f"https://api.atlassian.com/ex/jira/{cloud_id}/rest/api/3/issue/{ISSUE}"
    whole = payload()
    return whole | {"issue": whole["issue"] | {"self": place}}


def test_the_cloud_id_in_a_gateways_address_tells_them_apart(
    connection: JiraConnection, post: Poster
) -> None:
    other = other_connection(OTHER, cloud_id="7a4de1c0-2f6b-4c8e-8d15-90b3f2a7c6e2")
    registered(other)

    post(at_the_gateway(other.cloud_id))
    post(at_the_gateway(connection.cloud_id))
    post(at_the_gateway("00000000-0000-0000-0000-000000000000"))

    told = [row.connection_id for row in kept()]
    assert told == [other.id, connection.id, connection.id, other.id]


def test_a_webhook_of_one_site_is_not_taken_for_that_of_another(
    connection: JiraConnection, post: Poster
) -> None:
    """Acme's number is not in use at Tiny's site; Tiny's host proves that it is not meant."""
    other_connection(OTHER)

    assert post(payload(host=OTHER)).status_code == 204
    assert kept() == []


def test_a_renamed_site_is_known_by_whoever_connected_it_since(
    connection: JiraConnection, post: Poster
) -> None:
    other_connection("renamed.atlassian.net", cloud_id=connection.cloud_id)

    assert post(payload(host="renamed.atlassian.net")).status_code == 204
    assert [row.connection_id for row in kept()] == [connection.id]


def test_a_webhook_of_the_site_before_counts_no_more(
    connection: JiraConnection, post: Poster
) -> None:
    registered(connection, 999, cloud_id="the site before")

    assert post(payload(webhooks=[999])).status_code == 204
    assert kept() == []


@pytest.mark.both_databases
def test_one_delivery_is_kept_for_each_organization_that_it_is_for(
    connection: JiraConnection, post: Poster, queued: Callable[[], list[Job]]
) -> None:
    other = other_connection(HOST, cloud_id=connection.cloud_id)
    registered(other, 1001)

    assert post(payload(webhooks=[1001, NUMBER]), identifier="one").status_code == 204

    assert [row.connection_id for row in kept()] == [connection.id, other.id]
    assert sorted(job.args[0] for job in queued()) == [connection.id, other.id]
