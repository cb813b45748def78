"""From what is desired, recorded and listed to the steps in between, without any Jira."""

from datetime import UTC, datetime, timedelta

import pytest

from app.jira.types import Webhook
from app.services.webhooks.desired import EVENTS, FIELD_IDS, DesiredWebhook
from app.services.webhooks.plan import (
    Delete,
    Keep,
    Recorded,
    Refresh,
    Register,
    SeenWebhooks,
    steps_of,
)

URL = "https://unpack.test/webhooks/jira"
OLD_URL = "https://unpack.before.test/webhooks/jira"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DESIRED = DesiredWebhook(URL, ("MOB", "PLAT"))


def listed(number: int, *keys: str, **facts) -> Webhook:
    usual = {
        "url": URL,
        "events": EVENTS,
        "jql": DesiredWebhook(URL, keys or DESIRED.project_keys).jql,
        "field_ids": FIELD_IDS,
        "expires_at": NOW + timedelta(days=20),
    }
    return Webhook(id=number, **(usual | facts))


def row(number: int, *keys: str, active: bool = True, url: str = URL) -> Recorded:
    return Recorded(number, url, frozenset(keys or DESIRED.project_keys), active)


def steps(
    *in_jira: Webhook,
    desired: DesiredWebhook | None = DESIRED,
    rows: tuple[Recorded, ...] = (),
    elsewhere=(),
) -> list:
    return list(steps_of(SeenWebhooks(desired, rows, frozenset(elsewhere), in_jira, NOW)))


def kept(number: int, days: float = 20) -> Keep:
    return Keep(DESIRED, number, NOW + timedelta(days=days))


def test_the_filter_names_every_project_and_quotes_what_may_be_a_word_of_jql():
    assert DesiredWebhook(URL, ("IN", "PLAT")).jql == 'project IN ("IN", "PLAT")'
    tricky = DesiredWebhook(URL, ('A") OR (project != "B',))
    assert tricky.jql == 'project IN ("A\\") OR (project != \\"B")'


def test_nothing_there_and_nothing_desired_is_nothing_to_do():
    assert steps(desired=None) == []


def test_nothing_there_is_registered():
    assert steps() == [Register(DESIRED)]


def test_what_stands_as_desired_is_kept():
    assert steps(listed(7), rows=(row(7),)) == [kept(7)]


def test_what_stands_as_desired_and_was_not_recorded_is_adopted():
    assert steps(listed(7)) == [kept(7)]


def test_of_several_that_fit_the_recorded_one_stays():
    assert steps(listed(7), listed(8), listed(9), rows=(row(8),)) == [kept(8), Delete((7, 9))]


@pytest.mark.parametrize(
    "facts",
    [
        {"events": EVENTS[:1]},
        {"field_ids": ("status",)},
        {"expires_at": NOW},
    ],
)
def test_what_is_otherwise_than_desired_is_replaced_the_new_one_first(facts):
    assert steps(listed(7, **facts), rows=(row(7),)) == [Register(DESIRED), Delete((7,))]


def test_other_projects_are_another_webhook():
    assert steps(listed(7, "PLAT"), rows=(row(7, "PLAT"),)) == [Register(DESIRED), Delete((7,))]


@pytest.mark.parametrize("jql", ["project in (PLAT, MOB)", "", "project IN (10000)"])
def test_a_filter_that_jira_words_otherwise_is_still_the_one_we_asked_for(jql):
    assert steps(listed(7, jql=jql), rows=(row(7),)) == [kept(7)]


def test_a_filter_that_nobody_recorded_is_compared_word_for_word():
    assert steps(listed(7, jql="Project in (MOB,PLAT)")) == [kept(7)]
    assert steps(listed(7, jql="project in (PLAT)")) == [Register(DESIRED), Delete((7,))]


def test_a_site_that_lists_neither_address_nor_fields_is_believed():
    assert steps(listed(7, url=None, field_ids=()), rows=(row(7),)) == [kept(7)]


def test_an_address_is_the_same_however_it_is_written():
    assert steps(listed(7, url="https://UNPACK.test/webhooks/jira/")) == [kept(7)]


def test_what_is_missing_is_registered_anew_and_its_number_let_go():
    assert steps(rows=(row(7),)) == [Register(DESIRED), Delete((7,))]


@pytest.mark.parametrize(("days", "renewed"), [(10, False), (9.9, True), (0.1, True)])
def test_less_than_ten_days_are_too_few(days, renewed):
    near = listed(7, expires_at=NOW + timedelta(days=days))

    expected = [kept(7, days), Refresh(7)] if renewed else [kept(7, days)]
    assert steps(near, rows=(row(7),)) == expected


def test_an_end_that_jira_does_not_tell_is_put_off_to_be_sure():
    assert steps(listed(7, expires_at=None), rows=(row(7),)) == [Keep(DESIRED, 7, None), Refresh(7)]


def test_switching_off_deletes_what_is_recorded_and_what_calls_us():
    theirs = listed(3, url="https://elsewhere.test/hook")

    assert steps(theirs, listed(7), listed(8), desired=None, rows=(row(7), row(9))) == [
        Delete((7, 8, 9))
    ]


def test_other_connections_webhooks_are_never_touched():
    assert steps(listed(5), listed(6, "OPS"), elsewhere=(5, 6)) == [Register(DESIRED)]
    assert steps(listed(5), listed(6, url=None), desired=None, elsewhere=(5, 6)) == []


def test_a_full_house_of_stale_ones_makes_room_for_one_and_the_active_one_goes_last():
    stale = [listed(number, "OPS") for number in (3, 4, 5, 6, 7)]
    rows = (row(3, "OPS"), row(5, "OPS", active=False))

    assert steps(*stale, rows=rows) == [Delete((4,)), Register(DESIRED), Delete((3, 5, 6, 7))]


def test_a_full_house_of_others_is_jiras_to_refuse():
    theirs = [listed(number) for number in range(1, 6)]

    assert steps(*theirs, elsewhere=range(1, 6)) == [Register(DESIRED)]


def test_a_house_full_but_for_the_active_one_gives_that_up_first():
    house = [listed(number, "OPS") for number in range(1, 6)]

    assert steps(*house, rows=(row(5, "OPS"),), elsewhere=range(1, 5)) == [
        Delete((5,)),
        Register(DESIRED),
    ]


def test_an_old_address_goes_before_the_new_one_comes():
    mine, orphan, theirs = (listed(number, url=OLD_URL) for number in (5, 6, 7))

    assert steps(mine, orphan, theirs, rows=(row(5, url=OLD_URL),), elsewhere=(7,)) == [
        Delete((5, 6, 7)),
        Register(DESIRED),
    ]


def test_an_old_address_that_jira_does_not_list_is_known_from_our_own_record():
    old = row(5, url=OLD_URL)

    assert steps(listed(5, url=None), rows=(old,)) == [Delete((5,)), Register(DESIRED)]


def test_webhooks_of_another_product_that_uses_the_same_app_are_left_alone():
    other = listed(3, url="https://elsewhere.test/hook")

    assert steps(other) == [Register(DESIRED)]
