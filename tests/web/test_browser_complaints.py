"""What a browser's console may say without failing a test."""

import pytest

from tests.support.browser import is_complaint


@pytest.mark.parametrize(
    ("words", "within", "after"),
    [
        ("htmx:afterRequest, [object HTMLElement]", False, False),
        ("htmx:sendAbort, [object HTMLDivElement]", False, False),
        ("htmx:sendError, [object HTMLElement]", True, False),
        ("htmx:timeout, [object HTMLElement]", True, True),
        ("htmx:swapError, [object HTMLElement]", True, True),
        ("Failed to load resource: the server responded with 422", False, False),
        ("Uncaught TypeError: x is null", True, True),
    ],
)
def test_requests_that_are_cut_off_are_no_mistakes_of_a_page(words, within, after):
    """Found where tests ended while their pages asked by themselves."""
    assert (is_complaint(words, ended=False), is_complaint(words, ended=True)) == (within, after)
