"""What somebody typed to find an issue."""

import pytest

from app.services.linking.typed import LONGEST, Typed, read

SITE = "https://acme-eng.atlassian.net"


def of(text: str) -> Typed:
    return read(text, SITE, "Acme")


@pytest.mark.parametrize(
    "text",
    [
        "PLAT-131",
        " plat-131 ",
        f"{SITE}/browse/PLAT-131",
        f"{SITE}/browse/PLAT-131?focusedCommentId=1#x",
        f"{SITE}/jira/software/c/projects/PLAT/boards/7?selectedIssue=PLAT-131",
        f"{SITE}/jira/core/projects/PLAT/board?issueKey=plat-131",
        f"{SITE}/projects/PLAT/issues/PLAT-131",
        "https://ACME-ENG.atlassian.net/browse/PLAT-131",
    ],
)
def test_a_key_and_addresses_that_name_one(text):
    assert of(text) == Typed(key="PLAT-131")


@pytest.mark.parametrize("text", ["incident review", "PLAT", "PLAT-0", "131", "PLAT-131 and more"])
def test_everything_else_is_words(text):
    assert of(text) == Typed(words=text)


@pytest.mark.parametrize(
    "text",
    [
        "https://tiny.atlassian.net/browse/OPS-7",
        "https://acme-eng.atlassian.net.evil.example/browse/PLAT-131",
        "https://acme-eng.atlassian.net@evil.example/browse/PLAT-131",
    ],
)
def test_another_site_leads_nowhere(text):
    assert "is not connected; Acme is connected to acme-eng.atlassian.net only." in of(text).trouble
    assert not of(text).asks


@pytest.mark.parametrize("text", [f"{SITE}/jira/projects", "https://[bad/browse/PLAT-1"])
def test_an_address_without_an_issue_says_so(text):
    assert "Paste the key of the issue instead." in of(text).trouble


def test_nothing_asks_nothing_and_a_long_text_is_cut():
    assert not of("   ").asks
    assert len(of("word " * 1000).words) <= LONGEST
