"""What is answered at once, because there is nothing to do: the long way would say the same."""

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it.common.normalize_url import normalizeLink

from app.jira.adf import addresses, links, parser, text


def test_what_is_printable_holds_nothing_that_is_cleaned_away():
    signs = filter(str.isprintable, map(chr, range(sys.maxunicode + 1)))
    cleaned = (text._BREAKS.search(sign) or text._printable(sign) != sign for sign in signs)

    assert not any(cleaned)


@given(st.from_regex(links._NORMAL, fullmatch=True))
@example(f"https://{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * 63}/")
@example("http://xn--bcher-kva.example/~a/../b.-_")
def test_an_address_as_most_are_is_normal(url):
    assert links.normalized(url) == normalizeLink(url) == url


ADDRESSES = [
    "http://a.test", "HTTPS://a.test", "www.a.test", "WWW.a.test", "mia@a.test",
    "mailto:mia@a.test", r"c:\temp", r"\\share\a",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_has_a_sign_of_one(address):
    assert addresses._ADDRESS.search(address)
    assert addresses._may_hold_one(address)


@given(st.text(st.sampled_from("aw.:/@\\ Whtps\u017f")))
def test_what_has_no_sign_of_an_address_has_none(words):
    assert addresses._may_hold_one(words) or addresses._ADDRESS.search(words) is None


@given(st.text(st.sampled_from("aw.:/@\\ W*h\ntps[]()")))
def test_a_text_reads_the_same_either_way(words):
    either = parser.parse(words).tokens
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(addresses, "_may_hold_one", lambda _: True)
        assert parser.parse(words).tokens == either
