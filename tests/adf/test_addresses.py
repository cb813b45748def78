"""Bare addresses become links with exactly their characters, in the issue and on the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jira import adf
from app.markdown import render_html
from tests.adf.nodes import body, node, paragraph
from tests.adf.shapes import thoroughly
from tests.support.pages import Page

SITE = adf.Site("https://acme.atlassian.net", frozenset({"PROJ", "MY_P"}))


def links(markdown: str) -> list[tuple[str, str]]:
    """The words and addresses of the links in the issue; the page has the same."""
    nodes = [each for block in body(markdown) for each in block["content"]]
    found = [
        (each["text"], mark["attrs"]["href"])
        for each in nodes
        for mark in each.get("marks", [])
        if mark["type"] == "link"
    ]
    assert [(a.text, a.get("href")) for a in Page(str(render_html(markdown))).all("a")] == found
    return found


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/acme/app/blob/main/app/__init__.py",
        "https://x.org/?a=1&copy;b",
        "http://localhost:8080/*/_x_~y",
        "https://en.wikipedia.org/wiki/Unpack_(album)",
        "HTTPS://x.org/a%20b",
        "https://x.org/[a]",
        "mailto:mia@example.org",
    ],
)
def test_an_address_is_a_link_with_its_characters(address: str) -> None:
    assert [shown for shown, _ in links(f"See {address} and {address}.")] == [address, address]


@pytest.mark.parametrize(
    ("markdown", "shown", "href"),
    [
        ("www.example.org/start, or", "www.example.org/start", "http://www.example.org/start"),
        ("mail mia_k@example.org.", "mia_k@example.org", "mailto:mia_k@example.org"),
        ("(https://a.b/c_(d)).", "https://a.b/c_(d)", "https://a.b/c_(d)"),
        ("“https://a.b/c”", "https://a.b/c", "https://a.b/c"),
        ("**https://a.b/c_d**", "https://a.b/c_d", "https://a.b/c_d"),
        ("*see https://a.b/c*", "https://a.b/c", "https://a.b/c"),
        ("见https://a.b/c。", "https://a.b/c", "https://a.b/c"),
        ("<b>https://a.b</b>", "https://a.b", "https://a.b"),
        ("&lt;https://a.b&gt;", "https://a.b", "https://a.b"),
        (r"https://a.b/c\_d", "https://a.b/c_d", "https://a.b/c_d"),
        ("<https://a.b/%C3%BC_x>", "https://a.b/%C3%BC_x", "https://a.b/%C3%BC_x"),
        ("https://a.b/ü", "https://a.b/ü", "https://a.b/%C3%BC"),
        ("[call](tel:+49123)", "call", "tel:+49123"),
        ("[up](sftp://a.b/c)", "up", "sftp://a.b/c"),
        ("[in](ssh://git@a.b)", "in", "ssh://git@a.b"),
        ("[old](ftp://a.b)", "old", "ftp://a.b"),
        ("[talk](slack://channel?id=1)", "talk", "slack://channel?id=1"),
    ],
)
def test_a_link_ends_where_the_sentence_goes_on(markdown: str, shown: str, href: str) -> None:
    assert links(markdown) == [(shown, href)]


@pytest.mark.parametrize(
    "markdown",
    [
        "`https://a.b`",
        "```\nhttps://a.b\n```",
        "https:// and www. and @ and a@b",
        "javascript:alert(1) data:text/html,x vbscript:y",
        "git@github.com:acme/app.git",
        "example.org",
    ],
)
def test_what_is_no_address_is_no_link(markdown: str) -> None:
    assert links(markdown) == []


def test_an_address_as_the_words_of_a_link_keeps_its_characters() -> None:
    url = "https://a.b/__init__.py"
    assert links(f"[{url}]({url})") == [(url, url)]


@given(rest=st.text("abc_*~/.-()[]?&=%#@:", max_size=30))
@thoroughly
def test_no_character_inside_an_address_is_lost(rest: str) -> None:
    address = f"https://a.b/{rest}"

    shown, _ = links(f"{address} z")[0]
    assert address.startswith(shown)
    assert set(address[len(shown) :]) <= set("_*~.()[]?:")


def test_a_key_of_a_mapped_project_is_a_link() -> None:
    document = adf.document("After PROJ-12, (MY_P-3) and **PROJ-4**: XPROJ-1 `PROJ-5`", site=SITE)

    found = [each for each in document["content"][0]["content"] if each.get("marks")]
    hrefs = {
        each["text"]: mark["attrs"]["href"]
        for each in found
        for mark in each["marks"]
        if mark["type"] == "link"
    }
    assert hrefs == {
        key: f"https://acme.atlassian.net/browse/{key}" for key in ("PROJ-12", "MY_P-3", "PROJ-4")
    }


def test_the_page_links_the_same_keys() -> None:
    page = Page(str(render_html("After PROJ-12 and OTHER-1", SITE)))

    assert [(a.text, a.get("href")) for a in page.all("a")] == [
        ("PROJ-12", "https://acme.atlassian.net/browse/PROJ-12")
    ]


def test_the_address_of_an_issue_alone_is_a_card() -> None:
    url = "https://acme.atlassian.net/browse/PROJ-12"
    card = {"type": "inlineCard", "attrs": {"url": url}}

    assert adf.document(f"{url}\n\n- {url}", site=SITE)["content"] == [
        paragraph(card),
        node("bulletList", node("listItem", paragraph(card))),
    ]


@pytest.mark.parametrize(
    "markdown",
    [
        "see https://acme.atlassian.net/browse/PROJ-12",
        "https://other.atlassian.net/browse/PROJ-12",
        "https://acme.atlassian.net/browse/PROJ-12?focusedCommentId=1",
        "[PROJ-12](https://acme.atlassian.net/browse/PROJ-12)",
    ],
)
def test_any_other_address_stays_a_link(markdown: str) -> None:
    content = adf.document(markdown, site=SITE)["content"][0]["content"]

    assert {each["type"] for each in content} == {"text"}


def test_without_a_site_a_key_is_text() -> None:
    assert body("PROJ-12") == [paragraph("PROJ-12")]
