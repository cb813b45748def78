"""The Jira card in each of its states, and the steps to a connection and out of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from app.clock import utcnow
from app.extensions import db
from app.models import CheckState, ConnectionState, FailureCode, LinkState, PendingGrant
from demo.jira_cloud.catalog.sites import SITES
from tests.support.acme import (
    acme,
    choose_project,
    connect,
    connect_and_choose,
    items,
    link,
    make_free,
    person,
    suspend,
)
from tests.support.atlassian import ENG, LABS
from tests.web.pages.row import Row, Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGE = "/organizations/acme/settings/integrations"
JIRA = f"{PAGE}/jira"


def in_state(state: ConnectionState) -> Callable[[Scene], None]:
    def arrange(_: Scene) -> None:
        connect(state)
        choose_project()
        for item in items()[:2]:
            link(item, due_at=utcnow(), key=None)

    return arrange


def paused(_: Scene) -> None:
    connect_and_choose().paused_until = utcnow() + timedelta(minutes=5)


def on_hold(_: Scene) -> None:
    connect_and_choose().on_hold_since = utcnow()
    for item in items()[:2]:
        link(item, due_at=utcnow(), key=None)


def suspended(_: Scene) -> None:
    suspend(connect_and_choose())
    for item in items()[:2]:
        link(item, due_at=utcnow(), key=None)


def failing(_: Scene) -> None:
    connect_and_choose()
    link(items()[0], LinkState.ERROR, key=None, failure_code=FailureCode.MAY_NOT_CREATE)


def disconnected(_: Scene) -> None:
    row = connect(ConnectionState.DISCONNECTED)
    row.disconnected_at, row.disconnected_by = utcnow(), person("Adam")


def blocked(_: Scene) -> None:
    connect()
    mapping = choose_project()
    mapping.check_state, mapping.checked_at = CheckState.BLOCKED, utcnow()
    mapping.findings = [{"code": "type-gone", "fields": []}]


def choosing(_: Scene) -> None:
    """Somebody came back from Atlassian with two sites."""
    sites = [
        {"cloud_id": SITES[slug].cloud_id, "name": SITES[slug].name, "url": f"https://{slug}.test"}
        for slug in (ENG, LABS)
    ]
    db.session.add(
        PendingGrant(
            organization_id=acme().id,
            user_id=person("Adam").id,
            access_token="encrypted",
            refresh_token="encrypted",
            access_expires_at=utcnow() + timedelta(hours=1),
            account_id="service",
            account_name="Unpack Service",
            sites=sites,
            expires_at=utcnow() + timedelta(minutes=15),
        )
    )


def moving(scene: Scene) -> None:
    """Another site was granted than the one that is connected."""
    connect_and_choose()
    link(items()[0])
    choosing(scene)


def come_back_from_the_older(page: "Page") -> None:
    """Of two sign-ins at Atlassian in two tabs."""
    begin, callback = page.url.replace(PAGE, f"{JIRA}/authorization"), "/integrations/jira/callback"
    older, _newer = (
        page.context.request.get(begin, max_redirects=0).headers["location"] for _ in range(2)
    )
    [state] = parse_qs(urlsplit(older).query)["state"]
    page.goto(page.url.replace(PAGE, f"{callback}?state={state}&code=x"))
    page.get_by_text("newer").wait_for()


INTEGRATIONS = [
    Row("jira-not-connected", PAGE),
    Row("jira-not-set-up", PAGE, environment={"JIRA_CLIENT_ID": "", "JIRA_CLIENT_SECRET": ""}),
    Row("jira-free", PAGE, state=lambda _: make_free()),
    Row("jira-free-with-grant", PAGE, state=lambda _: (connect(), make_free())),
    Row("jira-connecting", PAGE, state=choosing),
    Row("jira-older-consent", PAGE, act=come_back_from_the_older),
    Row("jira-connected", PAGE, state=lambda _: connect_and_choose()),
    Row("jira-failing", PAGE, state=failing),
    Row("jira-blocked", PAGE, state=blocked),
    Row("jira-paused", PAGE, state=paused),
    Row("jira-on-hold", PAGE, state=on_hold),
    Row("jira-suspended", PAGE, state=suspended),
    Row("jira-disconnected", PAGE, state=disconnected),
    Row("jira-setup", f"{JIRA}/setup"),
    Row("jira-site", f"{JIRA}/site", state=choosing),
    Row("jira-site-confirm", f"{JIRA}/site/{SITES[LABS].cloud_id}", state=moving),
    Row("jira-disconnection", f"{JIRA}/disconnection", state=failing),
    *[
        Row(f"jira-{state.value}", PAGE, state=in_state(state))
        for state in (
            ConnectionState.NEEDS_RECONNECT,
            ConnectionState.SITE_UNAVAILABLE,
            ConnectionState.MISCONFIGURED,
        )
    ],
    Row(
        "connect-at-another-host",
        f"{JIRA}/authorization",
        environment={"PUBLIC_URL": "http://127.0.0.1:5050", "TRUSTED_HOSTS": "localhost"},
    ),
]
