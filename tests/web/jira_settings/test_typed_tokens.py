"""What a text with tokens comes to, told while it is typed."""

import pytest

from app.extensions import db
from app.models import MappingValue
from tests.support.atlassian import JIRA
from tests.web.jira_settings.typed import CAUSE, COLOUR, LABELS, ROWS, form


def answer_of(values, field_id: str, **inputs):
    return values.post(f"{ROWS}?row={field_id}", form(**inputs), htmx=True)


def test_an_example_of_what_is_typed_is_told_of_that_row_alone(values):
    answer = answer_of(values, CAUSE, **{CAUSE: "From {retrospective}", LABELS: "{sprint}"})

    assert answer.status_code == 200
    assert answer.page.text.strip() == "Sends: From Sprint 14 Retro"
    assert db.session.query(MappingValue).count() == 0


def test_what_means_nothing_is_told_as_save_would(values):
    answer = answer_of(values, CAUSE, **{CAUSE: "From {sprint}"})

    assert "{sprint}" in answer.page.text
    assert answer.page.by_id(f"{CAUSE}-error") is not None
    assert "Sends:" not in answer.page.text


@pytest.mark.parametrize("typed", ["", "Plain words"])
def test_what_is_sent_as_it_is_typed_needs_no_words(values, typed):
    assert answer_of(values, CAUSE, **{CAUSE: typed}).page.text.strip() == ""


def test_a_field_that_has_no_row_is_not_found(values):
    assert answer_of(values, "customfield_1", **{CAUSE: "x"}).status_code == 404


def test_only_what_takes_tokens_asks(values):
    page = values.post(ROWS, form(**{CAUSE: "", LABELS: "", COLOUR: ""}), htmx=True).page

    def asks(field_id: str) -> bool:
        return "row=" in (page.by_id(field_id).get("hx-post") or "")

    assert [asks(each) for each in (CAUSE, LABELS, COLOUR)] == [True, True, False]
    assert f"{CAUSE}-shows" in (page.by_id(CAUSE).get("aria-describedby") or "")


def test_the_page_itself_tells_it_too(values):
    values.post(JIRA, form(**{CAUSE: "From {retrospective}"}))

    page = values.post(ROWS, form(**{CAUSE: "From {retrospective}"}), htmx=True).page

    assert "Sends: From Sprint 14 Retro" in page.text
