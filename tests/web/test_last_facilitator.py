"""A team loses its last facilitator only by saying so."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.extensions import db
from tests.support.acme import facilitators, person, team
from tests.support.people import Person

SignedIn = Callable[..., Person]
ADMIN, FATIMA = "admin@acme.test", "facilitator@acme.test"
HOME = "/organizations/acme"


@pytest.mark.parametrize("what", ["", "/removal"])
def test_a_team_loses_its_last_facilitator_by_saying_so_alone(
    signed_in: SignedIn, what: str
) -> None:
    [row] = [row for row in team().team_members if row.user == person("Fatima")]
    admin, address = signed_in(ADMIN), f"{HOME}/settings/teams/{row.team_id}/members/{row.id}{what}"
    answer = admin.post(address, {"facilitator": "no"})

    assert answer.status_code == 422
    assert answer.page.texts("h1") == ["Leave Platform without a facilitator?"]
    assert facilitators() == ["Fatima Said"]
    [form] = [each for each in answer.page.all("form") if each.get("action") == address]
    sent = {each.get("name"): each.get("value") for each in form.iter("input")}
    assert admin.post(address, sent, csrf=False).status_code == 303
    assert facilitators() == []


def test_the_operator_cannot_take_the_last_facilitator_either(app: Flask, sample: None) -> None:
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["teams", "add-member", "acme", "Platform", FATIMA])

    assert "Nobody else facilitates this team." in result.output
    assert facilitators() == ["Fatima Said"]
