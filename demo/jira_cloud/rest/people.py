"""REST: the account itself and finding people (jira-platform.md §2.8)."""

import re
from html import escape
from typing import Any

from demo.jira_cloud.answers.refusals import JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.accounts import ACCOUNTS, Account
from demo.jira_cloud.catalog.sites import Project
from demo.jira_cloud.catalog.teams import GROUPS
from demo.jira_cloud.issues.issue_json import Writer
from demo.jira_cloud.rest.gateway import PEOPLE, Call, rest
from demo.jira_cloud.state import permissions, records
from demo.jira_cloud.traffic.exchange import Answer

FIRST_PEOPLE = 1_000


@rest("myself", "GET", "/myself", PEOPLE, query="expand")
def myself(call: Call) -> Answer:
    """The account behind the token."""
    desk = call.desk
    bean = Writer(desk.world, desk.site, desk.account).user(desk.account)
    german = desk.world.conditions.language == "de"
    return Answer(200, bean | {"locale": "de_DE" if german else "en_US"}, points=3)


@rest("user", "GET", "/user", PEOPLE, query="accountId username key expand")
def user(call: Call) -> Answer:
    """One person of the site, inactive ones included."""
    account_id = call.query.get("accountId")
    if account_id is None:
        raise JiraRefusal(400, text("bad_parameter", name="accountId"))
    for account in _on_site(call):
        if account.id == account_id:
            return _person(call, account)
    raise JiraRefusal(404, text("no_person", account=account_id))


@rest(
    "groups",
    "GET",
    "/groups/picker",
    PEOPLE,
    query="accountId query exclude excludeId maxResults caseInsensitive userName",
)
def groups(call: Call) -> Answer:
    """Groups with the words in their name; only by the exact one for who may not browse."""
    typed, size = call.query.get("query", ""), call.number("maxResults", 20, most=1_000)
    desk = call.desk
    may_look = permissions.allowed(desk.world, desk.account, permissions.BROWSE_USERS, None)
    left_out = {*call.query.getlist("exclude"), *call.query.getlist("excludeId")}
    found = [
        (identity, name)
        for identity, name in sorted(GROUPS.items(), key=lambda entry: entry[1])
        if (_holds(call, typed, name) if may_look else typed == name)
        and not left_out & {identity, name}
    ]
    beans = [_group(identity, name, typed) for identity, name in found[:size]]
    header = f"Showing {len(beans)} of {len(found)} matching groups"
    body = {"header": header, "total": len(found), "groups": beans}
    return Answer(200, body, points=1 + 2 * len(beans))


@rest(
    "user_search",
    "GET",
    "/user/search",
    PEOPLE,
    query="query username accountId startAt maxResults property",
)
def user_search(call: Call) -> Answer:
    """Empty, not refused, without the permission to browse users."""
    query, account_id = call.query.get("query"), call.query.get("accountId")
    if query is None and account_id is None:
        raise JiraRefusal(400, text("user_query"))
    if query is not None and account_id is not None:
        raise JiraRefusal(400, text("user_query_both"))
    desk = call.desk
    if not permissions.allowed(desk.world, desk.account, permissions.BROWSE_USERS, None):
        return Answer(200, [])
    found = [each for each in _on_site(call) if each.active and _fits(each, query, account_id)]
    return _people(call, _cut(call, found))


@rest(
    "assignable_search",
    "GET",
    "/user/assignable/search",
    PEOPLE,
    query="query sessionId username accountId project issueKey issueId startAt maxResults"
    " actionDescriptorId recommend accountType appType",
)
def assignable_search(call: Call) -> Answer:
    """Who may be assigned is asked after the page is cut, so pages come short.

    Without the permission to browse users, or to assign issues of the project: nobody.
    """
    project = _place(call)
    desk = call.desk
    may_look = permissions.allowed(
        desk.world, desk.account, permissions.BROWSE_USERS, None
    ) or permissions.allowed(desk.world, desk.account, permissions.ASSIGN, project)
    if not may_look:
        return Answer(200, [])
    query, account_id = call.query.get("query"), call.query.get("accountId")
    found = [each for each in _on_site(call) if _fits(each, query, account_id)]
    assignable = [
        each
        for each in _cut(call, found)
        if permissions.allowed(desk.world, each, permissions.ASSIGNABLE, project)
    ]
    return _people(call, assignable)


def _place(call: Call) -> Project:
    desk, query = call.desk, call.query
    asked, issue_asked = query.get("project"), query.get("issueKey") or query.get("issueId")
    if issue_asked is not None:
        return records.require(desk.world, desk.site, desk.account, issue_asked)[1]
    if asked is None:
        raise JiraRefusal(400, text("no_assignable_place"))
    project = permissions.find_project(desk.world, desk.site, desk.account, asked)
    if project is None:
        raise JiraRefusal(404, text("no_project", key=asked))
    return project


def _on_site(call: Call) -> list[Account]:
    slug = call.desk.site.slug
    return sorted(
        (each for each in ACCOUNTS.values() if slug in each.sites), key=lambda each: each.name
    )


def _fits(account: Account, query: str | None, account_id: str | None) -> bool:
    if account_id is not None:
        return account.id == account_id
    wanted = (query or "").lower()
    # Something like an e-mail is held against e-mails only, hidden ones included.
    if "@" in wanted:
        return account.email.lower().startswith(wanted)
    return account.name.lower().startswith(wanted) or account.email.lower().startswith(wanted)


def _cut(call: Call, people: list[Account]) -> list[Account]:
    start, size = call.number("startAt", 0), call.number("maxResults", 50, most=FIRST_PEOPLE)
    return people[:FIRST_PEOPLE][start : start + size]


def _holds(call: Call, typed: str, name: str) -> bool:
    if call.query.get("caseInsensitive") == "true":
        return typed.lower() in name.lower()
    return typed in name


def _group(identity: str, name: str, typed: str) -> dict[str, Any]:
    html = escape(name, quote=False)
    part = escape(typed, quote=False)
    marked = re.sub(re.escape(part), r"<b>\g<0></b>", html, count=1, flags=re.IGNORECASE)
    return {"name": name, "groupId": identity, "html": marked if part else html, "labels": []}


def _person(call: Call, account: Account) -> Answer:
    desk = call.desk
    return Answer(200, Writer(desk.world, desk.site, desk.account).user(account), points=3)


def _people(call: Call, people: list[Account]) -> Answer:
    desk = call.desk
    writer = Writer(desk.world, desk.site, desk.account)
    # People cost double (jira-platform.md §4).
    return Answer(200, [writer.user(each) for each in people], points=1 + 2 * len(people))
