"""Choosing an issue for an action item, creating one in Jira by hand, and what differs then."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from app.clock import utcnow
from app.extensions import db
from app.jira import adf
from app.models import JiraPerson, MatchState, Phase
from app.services.linking import by_hand, choices, finishing
from demo.jira_cloud.catalog.accounts import by_email
from jobs import sync_connection
from tests.support.acme import items, person, sprint_14
from tests.support.chosen import claim_elsewhere, issue
from tests.support.connected import Acme
from tests.web.pages.action_items import choose, item, panel
from tests.web.pages.row import ADMIN, FACILITATOR, MEMBER, Row, Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

NUMBER = 0
FINISHING = item(NUMBER, "/finishing")
ELSEWHERE = "https://tiny.atlassian.net/browse/OPS-7"
TITLE = "Incident reviews with Support from January on, every time that customers noticed"


def found_by(words: str) -> Callable[[], str]:
    return lambda: f"/action-items/{items()[NUMBER].id}/issue?query={words}"


def connected(scene: Scene) -> Acme:
    acme = Acme(scene.jira)
    acme.connect()
    acme.map_to("PLAT")
    acme.connection.account_name = "Unpack Service"
    sprint_14(Phase.COMMIT)
    db.session.commit()
    return acme


def some_issues(scene: Scene) -> Acme:
    """One that is free, one that another action item has, and one of another organization."""
    acme = connected(scene)
    issue(acme, TITLE)
    taken, elsewhere = (issue(acme, f"Incident reviews, part {each}")["key"] for each in (1, 2))
    link_to(acme, taken, number=1)
    claim_elsewhere(acme, elsewhere)
    return acme


def link_to(acme: Acme, key: str, number: int = NUMBER) -> None:
    """Press it as the facilitator."""
    chosen, by = items()[number], person("Fatima")
    question = choices.question_of(chosen, by, key)
    db.session.commit()
    answered = choices.ask(question)
    [choice] = choices.choices_of(question, answered, chosen, by).free
    by_hand.link(chosen, choice, answered.cloud_id, by)
    connection_id = acme.connection.id
    db.session.commit()
    sync_connection.run(connection_id)


def linked(scene: Scene) -> None:
    acme = connected(scene)
    text = adf.document("From January on, Support takes part in every review of an incident.")
    link_to(acme, issue(acme, TITLE, duedate="2026-12-11", description=text)["key"])


def begun(scene: Scene, who: str = "Fatima") -> Acme:
    acme = connected(scene)
    finishing.begin(items()[NUMBER], person(who))
    db.session.commit()
    return acme


def begun_by_olga(scene: Scene) -> None:
    begun(scene, "Owen")


def just_created(scene: Scene) -> None:
    """The facilitator's account is known, and has created an issue."""
    acme = begun(scene)
    row = JiraPerson(
        connection_id=acme.connection.id,
        user_id=person("Fatima").id,
        state=MatchState.MATCHED,
        account_id=by_email(FACILITATOR).id,
    )
    row.found_at = utcnow() - timedelta(minutes=1)
    db.session.add(row)
    db.session.commit()
    issue(acme, TITLE, actor=FACILITATOR)


def look_for_it(page: "Page") -> None:
    page.wait_for_function("document.body['htmx-internal-data'] !== undefined")
    page.evaluate("htmx.trigger(document.body, 'came-back')")
    page.get_by_text("You have just created this").wait_for()


def open_dialog(page: "Page") -> None:
    choose(page, items()[NUMBER].title, "Link to an existing issue…")
    page.get_by_label("Key, URL or words of the title").fill("incident")
    page.get_by_role("button", name="Link this issue").or_(
        page.get_by_role("button", name="Link PLAT-")
    ).first.wait_for()


LINKING = [
    Row("issue-link", item(NUMBER, "/issue"), FACILITATOR, connected),
    Row("issue-link-found", found_by("incident"), FACILITATOR, some_issues),
    Row("issue-link-nothing-found", found_by("nowhere"), FACILITATOR, connected),
    Row("issue-link-not-there", found_by("PLAT-99999"), ADMIN, connected),
    Row(
        "issue-link-other-site",
        found_by("https://tiny.atlassian.net/browse/OPS-7"),
        ADMIN,
        connected,
    ),
    Row("issue-link-dialog", panel, FACILITATOR, some_issues, open_dialog),
    Row("issue-linked", item(NUMBER), FACILITATOR, linked),
    Row("issue-linked-panel", panel, FACILITATOR, linked),
    Row("finish-in-jira-not-begun", FINISHING, FACILITATOR, connected),
    Row("finish-in-jira", FINISHING, FACILITATOR, begun),
    Row("finish-in-jira-created", FINISHING, FACILITATOR, just_created, look_for_it),
    Row("finish-in-jira-of-another", FINISHING, FACILITATOR, begun_by_olga),
    Row("finish-in-jira-panel", panel, FACILITATOR, begun),
    Row("finish-in-jira-panel-of-member", panel, MEMBER, begun),
]
