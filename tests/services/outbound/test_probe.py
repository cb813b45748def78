"""What a probe makes of the issues that a search finds."""

from dataclasses import replace
from datetime import UTC, datetime

from app.jira.types import CreatedIssue, Issue
from app.services.outbound.claims import Stamp
from app.services.outbound.plan import PROPERTY
from app.services.outbound.probe import jql, probe
from tests.support.claims import CLAIM

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
STAMP = Stamp(NOW, "cloud", "account", "10000", 0)
STAMPED = replace(CLAIM, stamp=STAMP)


class Found:
    """A Jira whose search answers with these issues, all pages read."""

    def __init__(self, *issues: Issue) -> None:
        self.issues = issues

    def search(self, _jql: str, **_more: object) -> list[Issue]:
        return list(self.issues)

    def permissions(self, *_names: object, **_more: object) -> dict[str, bool]:
        return {"BROWSE_PROJECTS": True}


def issue(number: int, link: object) -> Issue:
    return Issue(str(number), f"PLAT-{number}", {}, {PROPERTY: {"link": link}})


def test_an_issue_that_comes_on_two_pages_is_one_issue():
    found = probe(Found(issue(1, "link"), issue(1, "link")), [STAMPED], NOW).found

    assert found == {"link": [CreatedIssue("1", "PLAT-1")]}


class LosingOne(Found):
    """A Jira that loses the last of its issues between two pages, unless it lists bare ids."""

    def search(self, _jql: str, **more: object) -> list[Issue]:
        if "properties" in more:
            return list(self.issues[:-1])
        return [Issue(each.id, each.key) for each in self.issues]

    def bulk_fetch(self, ids: list[str], **_more: object) -> list[Issue]:
        return [each for each in self.issues if each.id in ids]


def test_an_issue_that_is_lost_between_two_pages_is_found_by_its_id():
    others = [issue(number, f"other {number}") for number in range(120)]

    found = probe(LosingOne(*others, issue(120, "link")), [STAMPED], NOW).found

    assert found["link"] == [CreatedIssue("120", "PLAT-120")]


def test_two_issues_of_one_link_are_both_told():
    found = probe(Found(issue(1, "link"), issue(2, "link")), [STAMPED], NOW).found

    assert [each.key for each in found["link"]] == ["PLAT-1", "PLAT-2"]


def test_what_a_person_wrote_into_the_property_is_nobodys():
    result = probe(Found(issue(1, 7), issue(2, None)), [STAMPED], NOW)

    assert (result.found, result.visible) == ({}, {"10000"})


def test_the_search_names_every_stamped_account_and_no_project_and_no_absolute_time():
    other = replace(STAMP, account_id="other", project_id="20000")

    words = jql([STAMP, other], NOW)

    assert words.startswith('creator IN ("account", "other") AND created >= -5m ')
    assert "project" not in words
