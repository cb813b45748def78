"""Which issues somebody may choose."""

import pytest

from app.jira.types import Issue
from app.services.linking.reach import Reach

ANYWHERE = Reach(None, "", "Unpack Service")
OWN = Reach("10001", "PLAT", "Unpack Service")


def issue(project_id: str | None, level: object = None) -> Issue:
    return Issue("1", "PLAT-1", {"security": level}, project_id=project_id)


@pytest.mark.parametrize(
    ("found", "anywhere", "own"),
    [
        (issue("10001"), True, True),
        (issue("10002"), True, False),
        (issue(None), True, False),
        (issue("10001", {"id": "5", "name": "Directors"}), True, False),
    ],
)
def test_who_may_choose_what(found, anywhere, own):
    assert (ANYWHERE.holds(found), OWN.holds(found)) == (anywhere, own)


def test_words_are_searched_where_one_may_choose():
    assert ANYWHERE.query("a b") == 'summary ~ "a b" ORDER BY updated DESC'
    assert OWN.query("a b") == 'project = 10001 AND summary ~ "a b" ORDER BY updated DESC'
    assert OWN.query("…") == ""


def test_what_is_not_there_and_what_may_not_be_chosen_read_the_same():
    assert OWN.not_there("MOB-1").replace("MOB", "PLAT") == OWN.not_there("PLAT-1")
    assert "It does not exist, it is not in PLAT, or not everybody may see it." in OWN.not_there(
        "MOB-1"
    )
