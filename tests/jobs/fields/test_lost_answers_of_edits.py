"""An edit whose answer was lost: what it wrote in Jira is still known as ours."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.models.difference import differences_of
from tests.jobs.fields.editing import CRITERIA, add_in_jira, link_of, words_in_jira, write

pytestmark = pytest.mark.environment(SYNC_EDIT_DELAYS="0,0", SYNC_RETRY_DELAYS="60,60,60")


@pytest.fixture
def lose(acme, drain, item):
    """Write a description, which arrives, and whose answer does not."""

    def edit(words: str) -> None:
        acme.jira.control.fault("drop_after", "edit", times=1)
        write(item, description=words)
        drain()
        assert words in words_in_jira(acme, item)
        assert link_of(item).tries > 0

    return edit


@pytest.fixture
def clock():
    with time_machine.travel(utcnow(), tick=True) as traveller:
        yield traveller


@pytest.mark.both_databases
@pytest.mark.parametrize("times", [1, 2])
def test_it_is_nobody_elses_when_it_is_edited_again(acme, drain, item, lose, clock, times):
    for number in range(times):
        lose(f"Once more, {number}.")
        clock.shift(timedelta(minutes=2))
    write(item, description="Better words.")

    drain()

    assert differences_of(link_of(item)) == {}
    assert "Better words." in words_in_jira(acme, item)
    assert "tried" not in link_of(item).snapshot


def test_what_people_add_to_it_is_theirs(acme, drain, item, lose, clock):
    lose("Once more.")
    add_in_jira(acme, item)
    clock.shift(timedelta(minutes=2))
    write(item, description="Better words.")

    drain()

    assert CRITERIA in words_in_jira(acme, item)
    assert list(differences_of(link_of(item))) == ["description"]
