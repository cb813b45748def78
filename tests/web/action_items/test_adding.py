"""Adding action items, and who may."""

import pytest

from app.jira import adf
from app.models import Phase
from app.services.fields.sources import backlink_of
from tests.support.acme import connect_and_choose, items, links_of, person, sprint_14
from tests.support.people import Person
from tests.web.action_items.writing import both_ways


def add(somebody: Person, htmx: bool = False, **fields: str):
    url = f"/retrospectives/{sprint_14().id}/action-items"
    return somebody.post(url, {"title": "Buy cake", **fields}, htmx=htmx)


@both_ways
def test_a_facilitator_adds_an_action_item(facilitator, htmx):
    tom = person("Tom")
    answer = add(
        facilitator, htmx, description="For **all**", assignee=str(tom.id), due="2030-01-31"
    )

    item = items()[-1]
    assert answer.status_code == (200 if htmx else 303)
    assert (item.title, item.description, item.assignee) == ("Buy cake", "For **all**", tom)
    assert item.due_on.isoformat() == "2030-01-31"
    assert item.created_by == person("Fatima")


def test_adding_with_htmx_brings_the_panel_with_the_new_row(facilitator):
    page = add(facilitator, htmx=True).page

    assert "Buy cake" in page.texts("a")
    focused = [element.get("id") for element in page.root.iter() if "autofocus" in element.attrib]
    assert focused == ["item-new-title"]


@both_ways
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "  "}, "An action item needs a title."),
        ({"title": "\u200b"}, "An action item needs a title."),
        ({"title": "\u3164 \u2060"}, "An action item needs a title."),
        ({"title": "😀" * 128}, "A title has at most 255 characters."),
        ({"title": "x" * 256}, "A title has at most 255 characters."),
        ({"title": "two\nlines"}, "A title is one line."),
        ({"description": "x" * 32_001}, "A description has at most 32,000 characters."),
        ({"description": "😀" * 16_001}, "A description has at most 32,000 characters."),
        ({"description": "-\n" * 15_999}, "Jira would cut this description."),
        ({"due": "soon"}, "Write the due date as year-month-day"),
        ({"due": "0001-01-01"}, "The due date is 2000 or later."),
    ],
)
def test_what_cannot_be_stored_comes_back_with_a_sentence(facilitator, htmx, fields, sentence):
    answer = add(facilitator, htmx, **fields)

    assert answer.status_code == 422
    assert sentence in answer.page.text
    assert len(items()) == 5


def test_characters_that_nobody_sees_are_left_out(facilitator):
    add(facilitator, title="Buy \x00cake \N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}")

    assert items()[-1].title == "Buy cake \N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}"


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Fix\vbuild\ftoday", "Fix build today"),
        ("Fix\u2028build", "Fix build"),
        ("  Buy   cake ", "Buy cake"),
    ],
)
def test_a_title_is_kept_as_the_summary_will_say_it(facilitator, typed, title):
    add(facilitator, title=typed)

    assert items()[-1].title == title == adf.summary(typed)


def test_a_description_keeps_its_words_apart(facilitator):
    add(facilitator, description="Fix\vbuild\r\nnow\u2028then\x00")

    assert items()[-1].description == "Fix\nbuild\nnow\nthen"


@pytest.mark.parametrize("description", ["x" * 32_000, "word\n\n" * 5_000, "| a " * 1_000])
def test_what_the_form_takes_reaches_jira_whole(facilitator, description):
    connect_and_choose()
    add(facilitator, description=description)

    item = items()[-1]
    item.retrospective.title = "T" * 200
    document = adf.document(item.description, backlink_of(item))
    assert "…" not in adf.text_of(document)
    assert len(adf.text_of(document)) > len(description.strip()) / 2


def test_errors_of_a_new_item_replace_only_its_form(facilitator):
    answer = add(facilitator, htmx=True, title="")

    assert answer.headers["HX-Retarget"] == "#add-line"
    assert answer.page.root[0].get("id") == "add-line"


def test_the_assignee_must_be_of_the_team(facilitator):
    answer = add(facilitator, assignee=str(person("Olga").id))

    assert answer.status_code == 422
    assert len(items()) == 5


@both_ways
def test_a_member_adds_an_action_item_without_assigning_it(maya, htmx):
    answer = add(maya, htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert items()[-1].assignee is None


def test_a_member_cannot_assign(maya):
    assert add(maya, assignee=str(person("Maya").id)).status_code == 403
    assert len(items()) == 5


def test_nothing_is_added_before_discuss(facilitator):
    retrospective = sprint_14(Phase.VOTE)

    answer = facilitator.post(
        f"/retrospectives/{retrospective.id}/action-items", {"title": "Buy cake"}
    )

    assert answer.status_code == 409
    assert "Action items are added from Discuss on." in answer.page.text


@pytest.mark.parametrize("phase", [Phase.COMMIT, Phase.CLOSED])
def test_an_item_added_after_commit_waits_for_sync_to_jira(facilitator, phase):
    connect_and_choose()
    retrospective = sprint_14(phase)

    facilitator.post(f"/retrospectives/{retrospective.id}/action-items", {"title": "Buy cake"})

    assert links_of(items()[-1]) == []
    answer = facilitator.get(f"/retrospectives/{retrospective.id}")
    assert "Not in Jira" in answer.page.text
