"""Names from Jira and from here with quotes, signs of HTML and right-to-left text: all the way."""

import pytest

from app.extensions import db
from tests.support.acme import sprint_14, team
from tests.support.atlassian import JIRA
from tests.web.jira_settings.typed import CAUSE, COLOUR, COMPLETE, LABELS, form, picked, stored

HISTORY = "/organizations/acme/settings/history"
OPTIONS = {
    "10201": 'Green, "dark"',
    "10202": "<Blue>",
    "10203": "אדום",
    "10204": "Crème brûlée",
}


def commit(values, jira, work) -> list[dict]:
    retrospective = sprint_14().id
    db.session.commit()
    values.post(f"/retrospectives/{retrospective}/phase", {"shown": "discuss", "to": "commit"})
    work()
    return [issue["fields"] for issue in jira.control.issues()]


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_is_kept_drawn_previewed_recorded_and_sent(values, jira, work, option):
    name = OPTIONS[option]

    values.post(JIRA, form(**COMPLETE | {COLOUR: option}))
    work()

    assert stored()[COLOUR] == {"id": option, "label": name}
    assert picked(values.get(JIRA).page.by_id(COLOUR)) == name
    assert f"Colour {name}" in values.get(f"/retrospectives/{sprint_14().id}/commit").page.text
    assert name in values.get(HISTORY).page.text
    assert {each[COLOUR] for each in commit(values, jira, work)} == {option}


@pytest.mark.parametrize("name", ['Core "A" & <b>', "צוות ליבה", "\u202eevil\u202c team"])
def test_a_token_brings_a_name_as_it_is(values, jira, work, name):
    team().name = name
    db.session.commit()

    values.post(JIRA, form(**COMPLETE, **{CAUSE: "From {team}", LABELS: "team-{team}"}))
    work()

    assert f"Sends: From {name}" in values.get(JIRA).page.text
    sent = commit(values, jira, work)
    assert {each[CAUSE] for each in sent} == {f"From {name}"}
    assert {tuple(each[LABELS]) for each in sent} == {(f"team-{name}".replace(" ", "-"),)}
