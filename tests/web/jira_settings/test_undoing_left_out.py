"""What goes with a mapping that is taken away comes back with its undo: values and statuses."""

import pytest

from app.extensions import db
from app.models import AuditEvent, JiraIssueType
from app.services.settings.drafts import DO_NOT_SYNC
from tests.support.acme import team
from tests.support.atlassian import JIRA
from tests.support.pages import text_of
from tests.web.jira_settings.choices import STORY, TASK, ask_for_types, chosen, mapping, project
from tests.web.jira_settings.typed import COLOUR, COMPLETE, PLACE, values_of

HISTORY = "/organizations/acme/settings/history"
DONE = "10002"
AWAY = pytest.mark.parametrize("away", [DO_NOT_SYNC, ""], ids=["do-not-sync", "the-default"])


@pytest.fixture
def own(values, work):
    """Mobile's action items become Tasks of KIND, with values, a status and a resolution."""
    ask_for_types(values, work, "PLAT")
    values.post(JIRA, chosen("PLAT", version=1, **at_kind()))
    work()
    answer = values.post(JIRA, chosen("PLAT", version=2, **at_kind(DONE, "10001")))
    assert answer.status_code == 303, answer.page.text
    page = f"{JIRA}/field-values/{team('Mobile').id}"
    values.post(page, {"version": mapping("Mobile").version, **values_of(**COMPLETE)})
    assert what_mobile_sends() == sent()
    return values


def at_kind(completed: str = "", resolution: str = "", key: str = "KIND") -> dict[str, str]:
    mobile = team("Mobile").id
    return {
        "overrides": "on",
        f"project-{mobile}": project(key).project_id,
        f"type-{mobile}": TASK,
        f"completed-{mobile}": completed,
        f"reopened-{mobile}": "",
        f"resolution-{mobile}": resolution,
    }


def elsewhere(project_id: str) -> dict[str, str]:
    return {"overrides": "on", f"project-{team('Mobile').id}": project_id}


def sent() -> dict:
    values = {COLOUR: "10200", PLACE: ["10250", "10252"]}
    return {"project": "KIND", "status": DONE, "resolution": "10001", "values": [*values]}


def what_mobile_sends() -> dict | None:
    row = mapping("Mobile")
    return row and {
        "project": row.project_key,
        "status": row.completed_status_id,
        "resolution": row.completed_resolution_id,
        "values": [each.field_id for each in row.values],
    }


def last_save() -> AuditEvent:
    saved = db.session.query(AuditEvent).filter_by(action="jira.settings-saved")
    return saved.order_by(AuditEvent.id.desc()).first()


def undoing(event: AuditEvent, part: str = "") -> str:
    return f"{HISTORY}/{event.id}/{part or team('Mobile').id}/undoing"


@AWAY
@pytest.mark.both_databases
def test_the_undo_brings_back_what_went_with_the_project(own, work, away):
    kept = {row.field_id: row.value for row in mapping("Mobile").values}
    own.post(JIRA, chosen("PLAT", version=3, **elsewhere(away)))
    assert mapping("Mobile") is None

    answer = own.post(undoing(last_save()))

    assert answer.status_code == 303
    assert what_mobile_sends() == sent()
    assert {row.field_id: row.value for row in mapping("Mobile").values} == kept
    work()
    assert mapping("Mobile").check_wanted_at is None


def lines(person) -> list[str]:
    rows = [text_of(each) for each in person.get(HISTORY).page.all("tr")]
    return [row for row in rows if "Mobile" in row]


@AWAY
def test_the_history_names_what_went_and_offers_it_with_the_project(own, away):
    own.post(JIRA, chosen("PLAT", version=3, **elsewhere(away)))
    went = lines(own)[:5]
    event = last_save()

    assert ["Undo…" in row for row in went] == [True, False, False, False, False]
    assert "When completed here, of Mobile Done" in went[1]
    assert "Field" in went[3]
    assert "Red" in went[3]
    assert "Not sent" in went[3]
    assert "Changed again since" not in " ".join(went)
    part = f"value-{team('Mobile').id}-{COLOUR}"
    assert "Undo that change, and it comes back, too." in own.get(undoing(event, part)).page.text
    assert own.post(undoing(event, part)).status_code == 409
    assert "come back with it" in own.get(undoing(event)).page.text

    own.post(undoing(event))

    again = [row for row in lines(own) if "Undone by Adam Novak" in row]
    assert len(again) == 5
    assert last_save().details["after"]["statuses"][str(team("Mobile").id)] == [DONE, "", "10001"]


def test_what_is_chosen_anew_has_no_values_and_takes_them_one_by_one(own):
    own.post(JIRA, chosen("PLAT", version=3, **elsewhere(DO_NOT_SYNC)))
    event = last_save()
    own.post(JIRA, chosen("PLAT", version=4, **at_kind()))
    assert mapping("Mobile").values == []

    own.post(undoing(event, f"value-{team('Mobile').id}-{COLOUR}"))

    assert [row.field_id for row in mapping("Mobile").values] == [COLOUR]


def test_statuses_come_back_with_another_project(own):
    own.post(JIRA, chosen("PLAT", version=3, **at_kind(key="PLAT")))
    assert mapping("Mobile").completed_status_id is None

    own.post(undoing(last_save()))

    assert what_mobile_sends() == sent()


def test_a_status_that_jira_has_no_more_keeps_nothing_from_coming_back(own):
    own.post(JIRA, chosen("PLAT", version=3, **elsewhere(DO_NOT_SYNC)))
    for row in db.session.query(JiraIssueType).filter_by(project_id=project("KIND").project_id):
        row.statuses = [each for each in row.statuses or [] if each["id"] != DONE]
    db.session.commit()

    assert own.post(undoing(last_save())).status_code == 303

    assert what_mobile_sends() == sent() | {"status": None}


def test_two_teams_at_once_are_undone_one_by_one(own, work):
    platform = team("Platform").id
    theirs = {f"project-{platform}": project("KIND").project_id, f"type-{platform}": STORY}
    ask_for_types(own, work, "KIND")
    own.post(JIRA, chosen("PLAT", version=3, **at_kind(DONE, "10001"), **theirs))
    page = f"{JIRA}/field-values/{platform}"
    own.post(page, {"version": mapping("Platform").version, **values_of(**COMPLETE)})
    both = elsewhere(DO_NOT_SYNC) | {f"project-{platform}": DO_NOT_SYNC}
    own.post(JIRA, chosen("PLAT", version=4, **both))

    own.post(undoing(last_save()))

    assert what_mobile_sends() == sent()
    assert mapping("Platform") is None
