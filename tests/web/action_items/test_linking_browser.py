"""Linking in the panel's dialog, and finishing in Jira's own form, in a browser."""

from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from app.extensions import db
from app.models import JiraPerson, MatchState, Phase
from demo.jira_cloud.catalog.accounts import by_email
from tests.support.acme import person
from tests.support.chosen import FATIMA, issue, link_of, mark_in
from tests.web.action_items.panel import choose

LABEL = "Key, URL or words of the title"


class First(NamedTuple):
    """The first action item, as values."""

    id: int
    title: str


def first(acme) -> First:
    return First(acme.items[0].id, acme.items[0].title)


@pytest.fixture
def panel(acme, address, new_page):
    """The retrospective in Commit, as the facilitator sees it; rows are read before."""

    def open_panel(**options):
        acme.retrospective.phase = Phase.COMMIT
        path = f"/retrospectives/{acme.retrospective.id}"
        db.session.commit()
        page = new_page(**options)
        page.goto(f"{address}/sign-in?next={path}")
        page.get_by_role("button", name=f"Sign in as {FATIMA}").click()
        page.get_by_role("heading", name="Sprint 14 Retro").wait_for()
        page.wait_for_load_state()
        return page

    return open_panel


def test_a_dialog_finds_while_one_types_and_swaps_the_row(acme, panel, drain):
    key = issue(acme, "Incident reviews with Support")["key"]
    item = first(acme)
    page = panel()
    choose(page, item.title, "Link to an existing issue…")
    dialog = page.get_by_role("dialog", name="Link to an existing issue")
    expect(dialog.get_by_label(LABEL)).to_be_focused()

    dialog.get_by_label(LABEL).press_sequentially("incident")
    dialog.get_by_role("button", name=f"Link {key}").click()

    expect(dialog).to_be_hidden()
    expect(page.locator(f"#m-{item.id}-button")).to_be_focused()
    expect(page.locator(f"#item-{item.id}").get_by_text(key)).to_be_visible()
    expect(page.locator("#announcer")).to_contain_text(f"Linked to {key}.")
    drain()
    assert mark_in(acme, key)["link"] == link_of(acme.items[0]).public_id


def test_what_is_refused_is_said_in_the_dialog_which_stays(acme, panel):
    key, item = issue(acme, "Incident reviews with Support")["key"], first(acme)
    page = panel()
    choose(page, item.title, "Link to an existing issue…")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(LABEL).fill(key)
    button = dialog.get_by_role("button", name=f"Link {key}")
    button.wait_for()
    acme.jira.control.delete_issue(key)

    button.click()

    expect(dialog.get_by_text(f"{key} cannot be linked here.")).to_be_visible()
    expect(dialog).to_be_visible()


def test_without_script_it_is_a_page(acme, panel):
    key = issue(acme, "Incident reviews with Support")["key"]
    item = first(acme)
    page = panel(java_script_enabled=False)
    page.goto(f"{page.url.partition('/retrospectives')[0]}/action-items/{item.id}")
    page.get_by_role("link", name="Link to an existing issue…").click()

    page.get_by_label(LABEL).fill("incident")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name=f"Link {key}").click()

    page.get_by_text(f"Linked to {key}. Nothing was changed on either side.").wait_for()
    assert link_of(acme.items[0]).issue_key == key


def test_jiras_own_form_is_filled_in_and_what_it_creates_is_offered(acme, panel, drain):
    db.session.add(
        JiraPerson(
            connection_id=acme.connection.id,
            user_id=person("Fatima").id,
            state=MatchState.MATCHED,
            account_id=by_email(FATIMA).id,
        )
    )
    item = first(acme)
    page = panel()
    choose(page, item.title, "Finish in Jira…")
    page.get_by_role("heading", name="Finish in Jira").wait_for()

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open the form in Jira").click()
    form = opened.value
    form.wait_for_load_state()
    assert form.locator("[name=summary]").input_value() == item.title
    assert "/retrospectives/" in form.locator("[name=description]").input_value()
    key = issue(acme, item.title, actor=FATIMA)["key"]
    page.evaluate("htmx.trigger(document.body, 'came-back')")
    page.get_by_role("button", name=f"Link {key}").click()

    page.get_by_text(f"Linked to {key}.").first.wait_for()
    drain()
    assert mark_in(acme, key)["link"] == link_of(acme.items[0]).public_id
    assert len(acme.issues()) == 1
