"""Whose an issue is, by what it says and by who has it."""

import pytest

from app.services.linking.belonging import KnownLink, Whose, whose_is

OURS, THEIRS = 1, 2
ITEM, OTHER = 7, 8


def link(item: int = OTHER, *, of: int = OURS, active: bool = True, gone: bool = False):
    return KnownLink(of, item, active, gives_way=gone)


@pytest.mark.parametrize(
    ("name", "named", "having", "whose"),
    [
        (None, None, None, Whose.NOBODYS),
        ("x", None, None, Whose.ELSEWHERE),
        ("x", link(of=THEIRS), None, Whose.ELSEWHERE),
        ("x", link(of=THEIRS, active=False), None, Whose.ELSEWHERE),
        ("x", link(), None, Whose.ANOTHER_ITEMS),
        ("x", link(gone=True), None, Whose.ANOTHER_ITEMS),
        ("x", link(active=False), None, Whose.NOBODYS),
        ("x", link(ITEM, active=False), None, Whose.NOBODYS),
        ("x", link(ITEM), None, Whose.THIS_ITEMS),
        ("x", link(ITEM, gone=True), None, Whose.NOBODYS),
        (None, None, link(), Whose.ANOTHER_ITEMS),
        (None, None, link(of=THEIRS), Whose.ELSEWHERE),
        (None, None, link(ITEM), Whose.THIS_ITEMS),
        (None, None, link(ITEM, gone=True), Whose.NOBODYS),
        ("x", link(active=False), link(), Whose.ANOTHER_ITEMS),
        ("x", None, link(ITEM, gone=True), Whose.ELSEWHERE),
    ],
)
def test_only_a_closed_link_of_ours_may_be_written_over(name, named, having, whose):
    assert whose_is(OURS, ITEM, name, named, having) is whose
