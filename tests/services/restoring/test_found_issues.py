"""What is made of issues that a search finds, and of nothing."""

from datetime import UTC, datetime

from app.jira.types import Issue
from app.services.outbound.plan import PROPERTY
from app.services.restoring.adoptions_due import Search
from app.services.restoring.found_issues import FoundIssue, KnownLink, find, sort

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
SEARCH = Search(NOW, ("one", "two"), ("10000",), {}, {})
FIRST, SECOND, THIRD = (
    FoundIssue(str(number), f"PLAT-{number}", "item", link)
    for number, link in ((1, "a"), (2, "b"), (10, "c"))
)
OURS = {"item"}


def known(link: str, issue_id: str | None = None, item: str = "item") -> KnownLink:
    return KnownLink(7, link, item, issue_id, True)


def test_an_issue_that_its_link_has_is_no_news():
    result = sort([FIRST], [known("a", "1")], OURS, ())

    assert (result.ties, list(result.opens), list(result.left_alone)) == ({}, [], [])


def test_a_link_without_an_issue_gets_the_first_that_names_it():
    again = FoundIssue("3", "PLAT-3", "item", "a")

    result = sort([FIRST, again], [known("a")], OURS, ())

    assert (result.ties, list(result.left_alone)) == ({7: FIRST}, [again])


def test_forgotten_links_of_an_item_are_opened_in_their_order():
    result = sort([FIRST, SECOND], [known("z")], OURS, ())

    assert (list(result.opens), result.adopted) == ([FIRST, SECOND], 2)


def test_of_a_forgotten_link_the_first_issue_is_the_one_and_others_are_copies():
    copied = FoundIssue("3", "PLAT-3", "item", "a")

    result = sort([FIRST, copied], [], OURS, ())

    assert (list(result.opens), list(result.left_alone)) == ([FIRST], [copied])


def test_another_organizations_issue_is_its_own_concern():
    result = sort([FIRST], [], (), OURS)

    assert (result.adopted, list(result.left_alone)) == (0, [])


def test_an_issue_of_nobody_is_left_alone():
    assert list(sort([FIRST], [], (), ()).left_alone) == [FIRST]


def test_an_issue_that_names_the_link_of_another_item_is_left_alone():
    assert list(sort([FIRST], [known("a", item="other")], OURS, ()).left_alone) == [FIRST]


class Asked:
    """A Jira with these issues in its index, one of which is lost between two pages."""

    def __init__(self, many: int) -> None:
        self.queries: list[str] = []
        self.issues = [issue(number) for number in range(1, many + 1)]

    def search(self, jql: str, **more: object) -> list[Issue]:
        self.queries.append(jql)
        if "properties" in more and len(self.issues) > 100:
            return self.issues[:-1]
        return self.issues

    def bulk_fetch(self, ids: list[str], **_more: object) -> list[Issue]:
        return [each for each in self.issues if each.id in ids]


def issue(number: int) -> Issue:
    named = {"id": f"item {number}", "link": f"link {number}"}
    return Issue(str(number), f"PLAT-{number}", {}, {PROPERTY: named})


def test_it_is_searched_by_account_and_by_project_from_five_minutes_before():
    jira = Asked(0)

    find(jira, SEARCH, ["10000", "10001"], NOW)

    assert jira.queries == [
        'creator IN ("one", "two") AND created >= -5m ORDER BY created DESC',
        "project IN (10000, 10001) AND created >= -5m ORDER BY created DESC",
    ]


def test_without_a_project_in_sight_only_by_account():
    jira = Asked(0)

    assert find(jira, SEARCH, [], NOW) == []
    assert len(jira.queries) == 1


def test_each_issue_is_found_once_and_in_the_order_in_which_it_was_created():
    found = find(Asked(12), SEARCH, ["10000"], NOW)

    assert [each.key for each in found] == [f"PLAT-{number}" for number in range(1, 13)]


def test_what_a_long_search_loses_between_two_pages_is_found():
    assert len(find(Asked(120), SEARCH, ["10000"], NOW)) == 120


def test_what_a_person_wrote_into_the_property_is_nobodys():
    jira = Asked(0)
    jira.issues = [Issue("1", "PLAT-1", {}, {PROPERTY: value}) for value in ("x", {"id": "item"})]

    assert find(jira, SEARCH, [], NOW) == []
