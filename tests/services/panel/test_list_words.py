"""What lists of action items say around and beside their rows."""

import pytest

from app.services.panel import list_words
from app.services.panel.item_states import ItemState
from app.services.panel.list_words import InJira
from app.services.panel.shown_issues import IssueKey
from app.services.retrospectives.item_filters import (
    Completion,
    DueFilter,
    Filters,
    SyncFilter,
)

FITS_NOT = "No action item fits these filters."
KEY = IssueKey("PLAT-1", "https://acme-eng.atlassian.net/browse/PLAT-1")


@pytest.mark.parametrize(
    ("filters", "narrowed", "noun", "nothing"),
    [
        (Filters(), False, "open action item", "No open action items."),
        (Filters(Completion.COMPLETE), False, "complete action item", "No complete action items."),
        (Filters(Completion.ALL), False, "action item", "No action items."),
        (Filters(text="ci"), True, "open action item", FITS_NOT),
        (Filters(owner=0), True, "open action item", FITS_NOT),
        (Filters(team_id=3), True, "open action item", FITS_NOT),
        (Filters(sync=SyncFilter.NONE), True, "open action item", FITS_NOT),
        (Filters(Completion.ALL, due=DueFilter.SOON), True, "action item", FITS_NOT),
    ],
)  # fmt: skip
def test_a_list_says_what_is_not_there(filters, narrowed, noun, nothing):
    words = list_words.words_of(filters, "Acme", every_team=True)

    assert (words.narrowed, words.noun, words.nothing) == (narrowed, noun, nothing)


@pytest.mark.parametrize(
    ("every_team", "scope"), [(True, "action item of Acme,"), (False, "action item of your teams,")]
)
def test_a_list_says_whose_items_these_are(every_team, scope):
    assert scope in list_words.words_of(Filters(), "Acme", every_team=every_team).scope


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (ItemState("synced", key=KEY), InJira(chip=False)),
        (ItemState("", key=KEY), InJira(chip=False)),
        (ItemState("limited", key=KEY), InJira(chip=True)),
        (ItemState("deleted", key=IssueKey("PLAT-1", None, gone=True)), InJira(chip=True)),
        (ItemState("synced"), InJira(chip=True)),
        (ItemState("error", key=KEY), InJira(chip=True)),
        (ItemState(), InJira(chip=False, nothing="Not yet")),
    ],
)
def test_a_key_alone_says_that_all_is_well(state, shown):
    assert list_words.in_jira(state) == shown
