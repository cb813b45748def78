"""A page of an organization with very many action items asks as often, and reads no table whole."""

import contextvars

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from bench.fill import ADMIN, MEMBER, Filled, fill
from bench.pages import signed_in
from bench.years import RARE
from tests.support.plans import Statements, read_whole

pytestmark = pytest.mark.both_databases

FEW, MANY, DAYS = 200, 2000, 60
# Whoever has most of a table may read it whole: among others, an organization has little of it.
OF_ALL, OTHERS = 12_000, 100
GROWING = (
    "action_item", "audit_event", "issue_link", "retrospective", "sync_attempt", "sync_entry",
    "webhook_delivery",
)  # fmt: skip
ITEMS = "/organizations/{slug}/action-items"
JIRA = "/organizations/{slug}/settings/integrations/jira"
LOG = f"{JIRA}/sync-log"
PAGES = (
    "/organizations/{slug}",
    "/organizations/{slug}/teams/{team}",
    "/retrospectives/{retrospective}/panel",
    ITEMS,
    f"{ITEMS}?state=complete",
    f"{ITEMS}?state=all&after=2026-01-01.5",
    f"{ITEMS}?before=later.90",
    f"{ITEMS}?owner=1",
    f"{ITEMS}?due=overdue",
    f"{ITEMS}?sync=error",
    f"{ITEMS}?sync=moving",
    f"{ITEMS}?sync=none",
    f"{ITEMS}?text=pipeline",
    f"{ITEMS}?text={RARE}&state=all",
    f"{ITEMS}?text=Ha",
    f"{ITEMS}?text=PLAT-1",
    "/organizations/{slug}/settings/integrations",
    JIRA,
    LOG,
    f"{LOG}?shown=failed",
    f"{LOG}?shown=retrying",
    f"{LOG}?shown=synced",
    LOG + "?team={team}",
    f"{LOG}?before=99999999999999-1",
    f"{LOG}?after=1-1",
    f"{LOG}?text=pipeline",
    f"{LOG}/section",
    f"{LOG}/entries.csv?shown=failed",
)


def asked_by(client: FlaskClient, of: Filled, page: str, heard: Statements) -> Statements:
    path = page.format(slug=of.slug, team=of.team_id, retrospective=of.retrospective_id)
    for _ in range(2):  # what is remembered of the first one is not asked again
        heard.clear()
        # A context of its own: else the session of the test remembers rows of earlier requests.
        answer = contextvars.Context().run(client.get, path)
    assert answer.status_code in {200, 404}, path
    return list(heard)


@pytest.mark.parametrize("email", [ADMIN, MEMBER])
def test_no_page_reads_a_table_whole_that_grows(
    app: Flask, explainable: Statements, email: str
) -> None:
    filled = fill(db.engine, OF_ALL, organizations=OTHERS, days=DAYS)
    person = signed_in(app, email)

    wrong = {
        page: found
        for page in PAGES
        if (found := read_whole(asked_by(person, filled, page, explainable), GROWING))
    }

    assert wrong == {}


@pytest.mark.parametrize("email", [ADMIN, MEMBER])
def test_ten_times_as_much_is_not_asked_more_often(
    app: Flask, explainable: Statements, email: str
) -> None:
    few, many = fill(db.engine, FEW, days=DAYS), fill(db.engine, MANY, days=DAYS)
    person = signed_in(app, email)

    worse = {
        page: (before, after)
        for page in PAGES
        if (before := len(asked_by(person, few, page, explainable)))
        < (after := len(asked_by(person, many, page, explainable)))
    }

    assert worse == {}
