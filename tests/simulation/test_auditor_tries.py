"""The judge of tries and waits on its own: what it finds, and what it lets pass."""

import pytest

from tests.simulation.auditor import tries
from tests.simulation.scheduler import Process
from tests.simulation.watched import LINK, Watched


def test_a_refused_create_that_is_sent_again_at_once_has_not_waited() -> None:
    watched = Watched()

    watched.create(100.0, 400)
    watched.create(101.0, 400)

    assert watched.rules == ["waits"]


def test_a_create_may_be_sent_again_at_once_with_a_new_token() -> None:
    watched = Watched()

    watched.create(100.0, 400)
    watched.create(111.0, 401)
    watched.create(111.8, 201)

    assert watched.rules == []


def test_a_refusal_that_died_with_its_process_is_an_unknown_outcome() -> None:
    watched, process = Watched(), Process("drain")
    watched.create(100.0, 400)
    watched.create(111.0, 400)
    watched.create(180.0, 400, process)

    watched.answers[tries.CLAIMED] = [{"link": LINK}]
    process.dead = True
    watched.auditor.died(process)
    watched.create(334.0, 201)

    assert watched.rules == []


def test_a_fresh_try_after_an_outage_waits_for_a_minute() -> None:
    for gap, found in ((59.0, ["waits"]), (60.0, [])):
        watched = Watched()
        sender = Process("drain", about=1)
        for at in (100.0, 200.0, 300.0, 700.0):
            watched.create(at, 503, sender)
        watched.auditor.memory.customers[1].heard_success_at = 720.0

        watched.create(700.0 + gap, 201)

        assert watched.rules == found


def test_what_has_come_to_sight_again_is_compared_with_fresh_tries() -> None:
    """Found by seed 1239879632, through which the product had lived as it should."""
    for reappeared, found in (([], ["tries"]), ([{"id": 1}], [])):
        watched, sender = Watched(), Process("drain", about=1)
        watched.happens("jira:issue_created")
        for at in (100.0, 111.0, 180.0, 500.0):
            watched.edit(at, 403, sender)
        watched.answers[tries.REAPPEARED] = reappeared

        watched.edit(900.0, 204, sender)

        assert watched.rules == found


def test_what_was_forgotten_in_a_disturbance_may_count_as_given_up() -> None:
    watched = Watched()
    for at in (100.0, 200.0, 300.0, 700.0):
        watched.create(at, 503)
        watched.auditor.memory.disturbed_at = 150.0  # before the second one
    watched.auditor.memory.customers[1].heard_success_at = 720.0

    watched.create(780.0, 201)

    assert watched.rules == []


def test_an_edit_between_two_tries_may_count_on() -> None:
    """Wrong at first, seed 1700000755: the fourth try gave up, and fresh ones came after it."""
    watched, sender = Watched(), Process("drain", about=1)
    watched.happens("jira:issue_created")
    for at in (100.0, 111.0, 180.0, 500.0):
        watched.edit(at, 500, sender)
        watched.auditor.memory.items[1].rearmed_at = 120.0
    watched.auditor.memory.customers[1].heard_success_at = 560.0

    watched.edit(565.0, 500, sender)
    watched.edit(578.0, 204, sender)

    assert watched.rules == []


def test_a_read_that_failed_may_have_been_a_try() -> None:
    """Found by seed 1235291324, through which the product had lived as it should."""
    for gap, found in ((59.0, ["waits"]), (61.0, [])):
        watched, sender = Watched(), Process("drain", about=1)
        watched.happens("jira:issue_created")
        watched.edit(100.0, 500, sender)
        watched.edit(111.0, 500, sender)
        watched.asks_in_vain(200.0, sender)
        watched.edit(600.0, 500, sender)
        watched.auditor.memory.customers[1].heard_success_at = 620.0

        watched.edit(600.0 + gap, 204, sender)

        assert watched.rules == found


def test_what_is_heard_after_another_has_sent_it_again_is_no_failure() -> None:
    """Found by seed 734: who heard it was frozen, and held nothing any more."""
    watched, frozen, next_one = Watched(), Process("drain"), Process("drain")
    watched.happens("jira:issue_created")
    late = watched.leaves(100.0, frozen)
    watched.edit(160.0, 503, next_one)
    watched.hears(168.0, late, 502)

    watched.edit(171.0, 503, next_one)
    assert "waits" not in watched.rules
    watched.edit(180.0, 503, next_one)
    assert "waits" in watched.rules


def test_what_fails_after_it_was_asked_for_anew_is_the_first_of_fresh_tries() -> None:
    """Found by seeds 770 and 811: somebody pressed *Sync to Jira* while the third was under way."""
    watched, process = Watched(), Process("drain")
    watched.happens("jira:issue_created")
    for at in (100.0, 111.0):
        watched.edit(at, 503, process)
    under_way = watched.leaves(180.0, process)
    watched.auditor.wanted([1])
    watched.hears(181.0, under_way, 503)

    watched.edit(245.0, 503, process)

    assert watched.rules == []


def test_what_differs_in_an_issue_that_was_found_need_not_wait() -> None:
    """Found by seed 1241: a create without an answer was found, and lacked its due date."""
    watched, process = Watched(), Process("drain")
    watched.create(100.0, 502, process)
    watched.happens("jira:issue_created")

    watched.edit(116.0, 204, process)

    assert watched.rules == []


def test_a_question_in_vain_before_the_first_write_may_have_been_a_try() -> None:
    """The fields could not be read: one create less left before it gave up."""
    watched, process = Watched(), Process("drain")
    watched.asks_in_vain(100.0, process)
    for at in (112.0, 175.0, 500.0):
        watched.create(at, 500, process)
    customer = watched.auditor.memory.items[1].customer
    customer.heard_success_at = 545.0

    watched.create(606.0, 500, process)
    watched.create(652.0, 500, process)

    assert watched.rules == []


def test_who_may_have_given_up_may_as_well_have_gone_on() -> None:
    """Found by seed 1382: it went on after an outage, gave up, and was armed at its end."""
    watched, process = Watched(), Process("drain")
    watched.create(100.0, 500, process)
    for at in (110.0, 120.0, 130.0):
        watched.asks_in_vain(at, process)
    customer = watched.auditor.memory.items[1].customer
    customer.heard_success_at = 300.0
    for at in (310.0, 380.0, 450.0):
        watched.create(at, 500, process)
    customer.heard_success_at = 500.0

    watched.create(560.0, 500, process)
    watched.create(610.0, 500, process)

    assert watched.rules == []


def test_who_was_refused_may_have_to_ask_before_it_sends_less() -> None:
    """Found by seed 1698: Jira took fifteen seconds to say what the account may."""
    watched, process = Watched(), Process("drain")
    watched.happens("jira:issue_created")
    watched.edit(80.0, 503, process)
    watched.hears(100.0, watched.leaves(99.9, process, summary="b", duedate="2026-11-29"), 400)

    watched.hears(115.2, watched.leaves(115.1, process, summary="b"), 204)

    assert watched.rules == []


def test_a_refusal_that_nobody_can_read_is_an_outage() -> None:
    """Found by seed 1815: four refused creates came cut off, and Jira answered after the last."""
    watched, process = Watched(), Process("drain")
    for at in (100.0, 111.0, 175.0, 500.0):
        watched.create(at, 400, process, garbled=True)
    watched.auditor.memory.items[1].customer.heard_success_at = 500.1

    watched.create(561.0, 201, process)

    assert watched.rules == []


def test_a_question_in_vain_after_a_refusal_may_have_been_the_last_try() -> None:
    """Found by seed 1876: three refusals, an outage, and its end gave new tries."""
    watched, process = Watched(), Process("drain")
    watched.happens("jira:issue_created")
    for at in (100.0, 111.0, 175.0):
        watched.edit(at, 400, process)
    watched.asks_in_vain(500.0, process)
    watched.auditor.memory.items[1].customer.heard_success_at = 900.0

    for at in (961.0, 972.0):
        watched.edit(at, 400, process)

    assert watched.rules == []


@pytest.mark.parametrize(("chosen", "found"), [(False, ["waits"]), (True, [])])
def test_what_was_refused_while_other_values_were_chosen_goes_out_with_these(
    chosen: bool, found: list[str]
) -> None:
    """At once, and it is no try."""
    watched, drain = Watched(), Process("drain")
    watched.happens("jira:issue_created")
    watched.auditor.valued(1, 0, {})
    sent = watched.leaves(100.0, drain)
    if chosen:
        watched.auditor.memory.now = 100.3
        watched.auditor.valued(1, 0, {})
    watched.hears(100.5, sent, 400)

    watched.edit(101.2, 200, drain)

    assert watched.rules == found
