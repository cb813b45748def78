"""Adding, editing, completing and deleting action items; each write with and without htmx."""

from datetime import UTC, datetime

import pytest

from app.extensions import db
from app.models import ActionItem, CompletedIn, LinkState, Phase
from tests.support.acme import connect_and_choose, items, link, links_of, person, sprint_14
from tests.support.people import Person

both_ways = pytest.mark.parametrize("htmx", [False, True], ids=["page", "htmx"])


@pytest.fixture
def facilitator(signed_in) -> Person:
    return signed_in("facilitator@acme.test")


@pytest.fixture
def maya(signed_in) -> Person:
    """A member of Platform, assigned to the first and the last action item."""
    return signed_in("member1@acme.test")


def add(somebody: Person, htmx: bool = False, **fields: str):
    url = f"/retrospectives/{sprint_14().id}/action-items"
    return somebody.post(url, {"title": "Buy cake", **fields}, htmx=htmx)


def fresh(item: ActionItem) -> ActionItem:
    db.session.expire_all()
    return db.session.get_one(ActionItem, item.id)


def written(item: ActionItem) -> dict[str, str]:
    """What the item's edit form would send back unchanged."""
    return {
        "title": item.title,
        "description": item.description,
        "assignee": str(item.assignee_id or ""),
        "due": item.due_on.isoformat() if item.due_on else "",
    }


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
    assert focused == [f"m-{items()[-1].id}-button"]


@both_ways
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "  "}, "An action item needs a title."),
        ({"title": "x" * 256}, "A title has at most 255 characters."),
        ({"title": "two\nlines"}, "A title is one line."),
        ({"description": "x" * 30_001}, "A description has at most 30,000 characters."),
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


@both_ways
def test_editing_changes_every_field(facilitator, htmx):
    item, tom = items()[0], person("Tom")
    answer = facilitator.post(
        f"/action-items/{item.id}",
        {"title": "New", "description": "a\r\nb", "assignee": str(tom.id), "due": "2031-02-03"},
        htmx=htmx,
    )

    changed = fresh(item)
    assert answer.status_code == (200 if htmx else 303)
    assert (changed.title, changed.description) == ("New", "a\nb")
    assert (changed.assignee, changed.due_on.isoformat()) == (person("Tom"), "2031-02-03")


def test_an_edit_makes_the_issue_due(facilitator):
    connect_and_choose()
    item = items()[0]
    link(item)
    facilitator.post(f"/action-items/{item.id}", {**written(item), "title": "New"})

    assert links_of(item)[0].due_at is not None


def test_saving_without_a_change_sends_nothing(facilitator):
    connect_and_choose()
    item = items()[0]
    link(item)
    facilitator.post(f"/action-items/{item.id}", written(item))

    assert links_of(item)[0].due_at is None


def test_an_edit_does_not_create_an_issue(facilitator):
    connect_and_choose()
    item = items()[0]
    facilitator.post(f"/action-items/{item.id}", {**written(item), "title": "New"})

    assert links_of(item) == []


def test_a_member_edits_what_is_assigned_to_them_and_keeps_the_assignee(maya):
    item = items()[0]
    fields = written(item)
    del fields["assignee"]

    answer = maya.post(f"/action-items/{item.id}", {**fields, "title": "New"})

    assert answer.status_code == 303
    assert fresh(item).title == "New"
    assert fresh(item).assignee == person("Maya")


@both_ways
@pytest.mark.parametrize("page", ["", "/completion", "/completion/removal", "/deletion", "/syncs"])
def test_a_member_changes_nothing_of_others(maya, page, htmx):
    item = items()[1]

    answer = maya.post(f"/action-items/{item.id}{page}", {"title": "New"}, htmx=htmx)

    assert answer.status_code == 403
    assert fresh(item).title == "Rotate the on-call schedule every two weeks"


def test_a_member_sees_no_controls_on_what_is_not_theirs(maya):
    answer = maya.get(f"/retrospectives/{sprint_14().id}")

    labels = [button.get("aria-label") for button in answer.page.all("button")]
    assert "Complete: Add a canary stage to the deploy pipeline" in labels
    assert "Complete: Rotate the on-call schedule every two weeks" not in labels
    assert "More for: Rotate the on-call schedule every two weeks" not in labels


@both_ways
def test_completing_and_opening_again(facilitator, htmx):
    item = items()[0]

    facilitator.post(f"/action-items/{item.id}/completion", htmx=htmx)
    assert (fresh(item).completed_in, fresh(item).completed_by) == (
        CompletedIn.UNPACK,
        person("Fatima"),
    )

    facilitator.post(f"/action-items/{item.id}/completion/removal", htmx=htmx)
    assert not fresh(item).complete


def test_completing_offers_to_undo(facilitator):
    answer = facilitator.post(f"/action-items/{items()[0].id}/completion", htmx=True)

    assert "Completed." in answer.page.texts("p")
    assert "Undo" in answer.page.texts("button")


def test_completing_twice_keeps_who_was_first(facilitator, maya):
    item = items()[0]
    maya.post(f"/action-items/{item.id}/completion")
    facilitator.post(f"/action-items/{item.id}/completion")

    assert fresh(item).completed_by == person("Maya")


@both_ways
def test_deleting_takes_the_item_away_and_leaves_its_issue(facilitator, htmx):
    connect_and_choose()
    item = items()[0]
    link(item)

    confirm = facilitator.get(f"/action-items/{item.id}/deletion", htmx=htmx)
    assert "The Jira issue stays: PLAT-142 is not touched." in confirm.page.text

    answer = facilitator.post(f"/action-items/{item.id}/deletion", htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert facilitator.get(f"/action-items/{item.id}").status_code == 404
    panel = facilitator.get(f"/retrospectives/{sprint_14().id}").page
    assert item.title not in panel.texts("a")
    assert links_of(item)[0].due_at is None


def test_after_deleting_the_focus_goes_to_the_next_row(facilitator):
    first, second, *_ = items()
    page = facilitator.post(f"/action-items/{first.id}/deletion", htmx=True).page

    focused = [element.get("id") for element in page.root.iter() if "autofocus" in element.attrib]
    assert focused == [f"m-{second.id}-button"]


def test_the_edit_form_comes_alone_in_the_panel_and_on_a_page_otherwise(facilitator):
    url = f"/action-items/{items()[0].id}/edit"

    assert facilitator.get(url, htmx=True).page.root[0].get("id") == f"item-{items()[0].id}"
    assert facilitator.get(url).page.texts("h1") == ["Edit action item"]


def test_a_new_item_has_the_same_form(facilitator):
    url = f"/retrospectives/{sprint_14().id}/action-items/new"

    assert facilitator.get(url, htmx=True).page.root[0].get("id") == "add-line"
    assert facilitator.get(url).page.texts("h1") == ["Add action item"]


def test_somebody_who_left_the_team_can_keep_their_item(facilitator):
    item = items()[0]
    team = item.retrospective.team
    team.team_members = [row for row in team.team_members if row.user_id != item.assignee_id]

    answer = facilitator.post(f"/action-items/{item.id}", {**written(item), "title": "New"})

    assert answer.status_code == 303
    assert fresh(item).assignee == person("Maya")


def test_the_page_of_an_item_renders_its_markdown(facilitator):
    page = facilitator.get(f"/action-items/{items()[0].id}").page

    assert "5 % of the traffic" in page.texts("strong")
    assert "https://wiki.acme.test/canary" in [a.get("href") for a in page.all("a")]


def test_markup_in_titles_and_descriptions_stays_text(facilitator):
    item = items()[0]
    item.title = "<script>alert(1)</script>"
    item.description = "<img src=x onerror=alert(1)> [x](javascript:alert(1))"

    for url in (f"/action-items/{item.id}", f"/retrospectives/{sprint_14().id}"):
        page = facilitator.get(url).page
        assert [script.text for script in page.all("script") if script.text] == []
        assert page.all("img") == []
        assert [each for each in page.values("href") if each.startswith("javascript:")] == []


@both_ways
def test_sync_to_jira_pushes_at_once(facilitator, queued, htmx):
    connect_and_choose()
    item = items()[0]

    answer = facilitator.post(f"/action-items/{item.id}/syncs", htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert [row.state for row in links_of(item)] == [LinkState.WAITING]
    assert [job.func_name for job in queued()] == ["jobs.sync_connection.run"]


def test_asking_twice_opens_one_link(facilitator):
    connect_and_choose()
    item = items()[0]
    for _ in range(2):
        facilitator.post(f"/action-items/{item.id}/syncs")

    assert len(links_of(item)) == 1


@both_ways
def test_sync_to_jira_without_jira_says_why_not(facilitator, htmx):
    answer = facilitator.post(f"/action-items/{items()[0].id}/syncs", htmx=htmx)

    assert answer.status_code == 409
    assert "Jira is not connected." in answer.page.text


@both_ways
def test_unlinking_leaves_the_issue_and_forgets_its_key(facilitator, htmx):
    connect_and_choose()
    sprint_14(Phase.COMMIT)
    item = items()[0]
    link(item)

    confirm = facilitator.get(f"/action-items/{item.id}/link/removal", htmx=htmx)
    assert "The Jira issue stays as it is." in confirm.page.text
    facilitator.post(f"/action-items/{item.id}/link/removal", htmx=htmx)

    assert [row.active for row in links_of(item)] == [False]
    page = facilitator.get(f"/retrospectives/{sprint_14(Phase.COMMIT).id}").page
    assert "PLAT-142" not in page.text


@both_ways
def test_creating_again_what_was_deleted_in_jira(facilitator, htmx):
    connect_and_choose()
    item = items()[0]
    link(item, LinkState.DELETED)

    answer = facilitator.post(f"/action-items/{item.id}/link/renewal", htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert [(row.active, row.state) for row in links_of(item)] == [
        (False, LinkState.DELETED),
        (True, LinkState.WAITING),
    ]


def test_what_is_not_deleted_is_not_created_again(facilitator):
    connect_and_choose()
    item = items()[0]
    link(item)

    assert facilitator.post(f"/action-items/{item.id}/link/renewal").status_code == 409
    assert len(links_of(item)) == 1


def test_the_list_shows_what_is_open_the_most_pressing_first(signed_in):
    items()[3].completed_at = datetime.now(UTC)
    items()[3].completed_in = CompletedIn.UNPACK

    page = signed_in("admin@acme.test").get("/organizations/acme/action-items").page

    titles = [a.text for a in page.all("a") if a.get("class") == "item-title"]
    assert titles == [items()[n].title for n in (0, 2, 1, 4)]
    assert "Every action item of Acme" in page.text


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("state=complete", []),
        ("text=CANARY", [0]),
        ("text=plat-142", [4]),
        ("text=100%25", []),
        ("owner=0", [3]),
        ("sync=error", [1]),
        ("sync=none", [0, 2, 3]),
        ("due=none", [4]),
        ("owner=nobody&due=someday&state=odd&page=99", [0, 2, 1, 3, 4]),
    ],
)
def test_the_list_is_filtered(signed_in, query, numbers):
    connect_and_choose()
    link(items()[1], LinkState.ERROR, key=None)
    link(items()[4])

    page = signed_in("admin@acme.test").get(f"/organizations/acme/action-items?{query}").page

    titles = [a.text for a in page.all("a") if a.get("class") == "item-title"]
    assert titles == [items()[n].title for n in numbers]


def test_the_list_holds_only_what_the_person_may_read(signed_in):
    sprint_14().team.team_members = []

    page = signed_in("member1@acme.test").get("/organizations/acme/action-items").page

    assert "No open action items." in page.text


def test_a_long_list_has_pages(signed_in):
    retrospective = sprint_14()
    for number in range(40):
        retrospective.action_items.append(ActionItem(title=f"Item {number}"))
    admin = signed_in("admin@acme.test")

    first = admin.get("/organizations/acme/action-items").page
    second = admin.get("/organizations/acme/action-items?page=2").page

    assert "1–25 of 45 open action items" in first.text
    assert "More" in first.texts("a")
    assert "26–45 of 45 open action items" in second.text
    assert "Back" in second.texts("a")
