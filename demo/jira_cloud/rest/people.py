"""REST: the account itself and finding people (jira-platform.md §2.8)."""

from demo.jira_cloud.answers.refusals import JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.accounts import ACCOUNTS, Account
from demo.jira_cloud.catalog.sites import Project
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


def _people(call: Call, people: list[Account]) -> Answer:
    desk = call.desk
    writer = Writer(desk.world, desk.site, desk.account)
    # People cost double (jira-platform.md §4).
    return Answer(200, [writer.user(each) for each in people], points=1 + 2 * len(people))
