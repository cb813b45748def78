"""Markdown on our own pages."""

import pytest
from html5lib import HTMLParser
from html5lib.constants import namespaces
from hypothesis import given

from app.markdown import render_html
from tests.adf.shapes import anything, thoroughly
from tests.support.adf_corpus import CORPUS

ALLOWED = {"h3", "h4", "h5", "h6", "p", "a", "em", "strong", "s", "code", "pre", "blockquote"}
ALLOWED |= {"ul", "ol"}
ALLOWED |= {"li", "hr", "br", "table", "thead", "tbody", "tr", "th", "td", "span", "div"}
ALLOWED |= {"details", "summary", "u", "sub", "sup", "kbd"}
SCHEMES = ("http:", "https:", "mailto:", "tel:", "ftp:", "sftp:", "ssh:", "slack:")
ATTRIBUTES = {"href", "title", "rel", "class", "start", "role", "aria-label"}


def harmless(html: str) -> bool:
    """Whether a browser makes only what we allow of `html`."""
    prefix = "{" + namespaces["html"] + "}"
    elements = list(HTMLParser().parseFragment(html).iter())[1:]
    return all(
        element.tag.removeprefix(prefix) in ALLOWED
        and set(element.attrib) <= ATTRIBUTES
        and element.get("href", "https:").lower().startswith(SCHEMES)
        for element in elements
    )


@given(markdown=anything)
@thoroughly
def test_nothing_that_runs_reaches_the_page(markdown: str) -> None:
    assert harmless(render_html(markdown))


@pytest.mark.parametrize("markdown", [text for _, text in CORPUS], ids=[name for name, _ in CORPUS])
def test_the_known_traps_are_harmless_on_the_page(markdown: str) -> None:
    assert harmless(render_html(markdown))


def test_links_tell_search_engines_and_openers_nothing() -> None:
    assert render_html("[a](https://a.b)") == (
        '<p><a href="https://a.b" rel="nofollow noopener">a</a></p>\n'
    )


def test_headings_stand_beneath_those_of_the_page() -> None:
    assert render_html("# a\n\n#### b") == "<h3>a</h3>\n<h4>b</h4>\n"
    assert render_html("### a\n\n# b\n\n## c") == "<h3>a</h3>\n<h3>b</h3>\n<h4>c</h4>\n"


def test_a_task_says_whether_it_is_done() -> None:
    assert 'aria-label="Done">☑</span> a' in render_html("- [x] a")
    assert 'aria-label="To do">☐</span> b' in render_html("- [ ] b")


def test_html_is_shown_as_it_was_typed() -> None:
    assert render_html("<script>alert(1)</script>") == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
    )
