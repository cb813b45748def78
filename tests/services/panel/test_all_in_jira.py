"""The link to all issues of a retrospective."""

from urllib.parse import parse_qs, urlsplit

from app.services.panel.all_in_jira import MOST, address
from app.services.panel.shown_issues import IssueKey

SITE = "https://acme-eng.atlassian.net"


def key(text: str, site: str = SITE, *, gone: bool = False) -> IssueKey:
    return IssueKey(text, f"{site}/browse/{text}", gone=gone)


def asked(found: str) -> str:
    return parse_qs(urlsplit(found).query)["jql"][0]


def test_it_names_the_keys_that_are_there():
    found = address(SITE, [key("PLAT-1"), None, key("MOB-7"), key("PLAT-3", gone=True)])

    assert found.startswith(f"{SITE}/issues/?jql=key%20in%20")
    assert asked(found) == "key in (PLAT-1, MOB-7)"


def test_issues_of_another_site_are_not_in_it():
    old = key("OPS-1", "https://old.atlassian.net")

    assert asked(address(SITE, [old, key("PLAT-1"), key("PLAT-2")])) == "key in (PLAT-1, PLAT-2)"
    assert address(SITE, [old, key("PLAT-1")]) == ""


def test_one_issue_has_its_own_link_and_none_needs_none():
    assert address(SITE, [key("PLAT-1")]) == ""
    assert address(SITE, []) == ""


def test_a_key_without_an_address_is_left_out():
    assert address("ftp://acme", [IssueKey("PLAT-1", None), IssueKey("PLAT-2", None)]) == ""


def test_the_address_stays_short_enough():
    found = address(SITE, [key(f"PLATFORM-{number}") for number in range(1000, 1400)])

    assert asked(found).count("PLATFORM-") == MOST
    assert len(found) < 8000
