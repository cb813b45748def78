"""Whether an issue owes a status, and the transition that is taken, over all cases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.jira.types import AllowedValue, Issue, Transition, TransitionField
from app.models import FailureCode, OwedCategory
from app.models.owed_status import OwnTransition
from app.services.outbound.transition_choice import (
    Choice,
    Owed,
    Result,
    Target,
    choose,
    free_at,
    is_echo,
    result_of,
)

DONE, OPEN = OwedCategory.DONE, OwedCategory.OPEN
SINCE = datetime(2026, 11, 19, 13, 0, tzinfo=UTC)
NOW = SINCE + timedelta(minutes=1)
REQUEST = timedelta(seconds=30)


def after(seconds: float) -> datetime:
    return SINCE + timedelta(seconds=seconds)


def own(
    left: float, answered: float | None = None, category: str = "done", **said
) -> OwnTransition:
    """said: Jira's own times."""
    heard = None if answered is None else after(answered)
    return OwnTransition(
        after(left), category, heard, **{name: after(at) for name, at in said.items()}
    )


def owed(category: OwedCategory = DONE, *transitions: OwnTransition) -> Owed:
    return Owed(category, SINCE, transitions, REQUEST)


def issue(category: str, changed: float | None = -3600, created: float | None = None) -> Issue:
    moment, made = (None if each is None else after(each) for each in (changed, created))
    read = {"status_category": category, "status_changed": moment, "created": made}
    return Issue(id="1", key="PLAT-1", **read)


@pytest.mark.parametrize(
    ("what", "read", "result"),
    [
        (owed(DONE), issue("new"), Result.OWED),
        (owed(DONE), issue("indeterminate"), Result.OWED),
        (owed(DONE), issue("undefined"), Result.OWED),
        (owed(DONE), issue("new", None), Result.OWED),
        # Whichever status of the category: also by somebody else, before or after.
        (owed(DONE), issue("done"), Result.MET),
        (owed(DONE), issue("done", 40), Result.MET),
        (owed(OPEN), issue("done"), Result.OWED),
        (owed(OPEN), issue("new"), Result.MET),
        (owed(OPEN), issue("indeterminate", 40), Result.MET),
        # Somebody has decided otherwise since.
        (owed(DONE), issue("new", 1.0), Result.OWED),
        (owed(DONE), issue("new", 1.1), Result.VOID),
        (owed(OPEN), issue("done", 30), Result.VOID),
        # The status that a new issue begins with is nobody's decision: it was created since.
        (owed(DONE), issue("new", 30, created=30), Result.OWED),
        (owed(DONE), issue("new", 60, created=30), Result.VOID),
        # Completed, moved, opened again before that was known: what we did is nobody's decision.
        (owed(OPEN, own(1, 3)), issue("done", 2), Result.OWED),
        (owed(OPEN, own(1, None)), issue("done", 31.5), Result.OWED),
        (owed(OPEN, own(1, 3)), issue("done", 5), Result.VOID),
        # A rule that moves it back in the same moment has the last word, too.
        (owed(DONE, own(1, 3)), issue("new", 3), Result.VOID),
        # Two in ten minutes are enough.
        (owed(DONE, own(-60, -59), own(-30, -29)), issue("new"), Result.LATER),
        (owed(DONE, own(-700, -699), own(-30, -29)), issue("new"), Result.OWED),
    ],
)
def test_what_is_owed_is_judged_by_the_issue_as_read(what, read, result):
    assert result_of(what, read, NOW) is result


def test_a_rule_that_moves_it_back_voids_it():
    """It was met by our own transition; should that be asked again, the rule has the last word."""
    assert result_of(owed(DONE, own(5, 6)), issue("new", 20), NOW) is Result.VOID


def test_the_next_may_leave_ten_minutes_after_the_one_before_last():
    sent = [own(0, 1), own(30, 31)]

    assert free_at(sent, NOW) == after(600)
    assert free_at(sent[:1], NOW) == NOW


def way(number: str, status: str, category: str, *fields: TransitionField) -> Transition:
    return Transition(number, f"to {status}", status, category, f"s-{status}", fields)


def field(name: str, *, required: bool = True, **values) -> TransitionField:
    return TransitionField(name, name.capitalize(), required, **values)


START = way("11", "Progress", "indeterminate")
FINISH = way("31", "Done", "done")
REJECT = way("41", "Rejected", "done")
CANCEL = way("51", "Cancelled", "done")
CAUSE = field("cause")
RESOLUTIONS = (AllowedValue("1", "Done"), AllowedValue("2", "Won't Do"))
CHOSEN = Target("s-Done", known=True)
ELSEWHERE = Target("s-Other", known=False)


def taken(transition: Transition, **fields) -> Choice:
    return Choice(transition, fields)


@pytest.mark.parametrize(
    ("category", "target", "offered", "choice"),
    [
        (DONE, CHOSEN, [START, REJECT, FINISH, CANCEL], taken(FINISH)),
        (DONE, replace(CHOSEN, status_id="s-Cancelled"), [FINISH, CANCEL], taken(CANCEL)),
        (OPEN, Target("s-Progress", known=True), [START, FINISH], taken(START)),
        # Chosen, and not to be reached from where it is: nobody guesses another.
        (DONE, CHOSEN, [START, REJECT], Choice(failure=FailureCode.NO_TRANSITION)),
        (DONE, CHOSEN, [], Choice(failure=FailureCode.NONE_OFFERED)),
        # Chosen, and of the other side by now.
        (OPEN, CHOSEN, [FINISH, START], Choice(failure=FailureCode.NO_TRANSITION)),
        # Of another project or type: its only one, and of several none.
        (DONE, ELSEWHERE, [START, FINISH], taken(FINISH)),
        (DONE, ELSEWHERE, [FINISH, REJECT], Choice(failure=FailureCode.SEVERAL_STATUSES)),
        (DONE, ELSEWHERE, [START], Choice(failure=FailureCode.NO_TRANSITION)),
        (DONE, replace(CHOSEN, known=False), [FINISH, REJECT], taken(FINISH)),
        # Two ways to one status: the one whose screen asks nothing.
        (
            DONE,
            CHOSEN,
            [replace(FINISH, fields=(CAUSE,)), replace(FINISH, id="32")],
            taken(replace(FINISH, id="32")),
        ),
        (
            DONE,
            ELSEWHERE,
            [replace(FINISH, fields=(CAUSE,)), replace(FINISH, id="32")],
            taken(replace(FINISH, id="32")),
        ),
        (
            DONE,
            CHOSEN,
            [replace(FINISH, fields=(CAUSE,))],
            Choice(failure=FailureCode.SCREEN_ASKS_MORE, asked=("Cause",)),
        ),
        (
            DONE,
            CHOSEN,
            [replace(FINISH, fields=(field("cause", has_default=True),))],
            taken(replace(FINISH, fields=(field("cause", has_default=True),))),
        ),
    ],
)
def test_the_chosen_status_is_reached_or_it_is_said_why_not(category, target, offered, choice):
    assert choose(category, target, offered) == choice


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize(
    ("values", "sent"),
    [
        ({"default_id": "2", "has_default": True, "allowed_values": RESOLUTIONS}, "2"),
        ({"allowed_values": RESOLUTIONS}, "1"),  # called as the status
        ({"allowed_values": (AllowedValue("9", "Fixed"),)}, "9"),  # the only one
    ],
)
def test_a_resolution_is_sent_where_the_screen_lists_it(required, values, sent):
    way = replace(FINISH, fields=(field("resolution", required=required, **values),))

    assert choose(DONE, CHOSEN, [way]) == Choice(way, {"resolution": {"id": sent}})


def test_without_one_on_the_screen_none_is_sent():
    assert choose(DONE, CHOSEN, [FINISH]).fields == {}


def test_a_resolution_that_nobody_can_tell_is_left_to_a_person_or_left_out():
    two = (AllowedValue("1", "Fixed"), AllowedValue("2", "Other"))
    asked = replace(FINISH, fields=(field("resolution", allowed_values=two),))
    optional = replace(FINISH, fields=(field("resolution", required=False, allowed_values=two),))

    assert choose(DONE, CHOSEN, [asked]) == Choice(
        failure=FailureCode.RESOLUTION_NOT_CHOSEN, asked=("Resolution",)
    )
    assert choose(DONE, CHOSEN, [optional]) == Choice(optional, {})


FIXED = (AllowedValue("1", "Fixed"), AllowedValue("2", "Other"))


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize(
    ("values", "chosen", "sent"),
    [
        ({"allowed_values": FIXED}, "2", "2"),
        # What Jira suggests wins over it, and it wins over the one that is called as the status.
        ({"default_id": "1", "has_default": True, "allowed_values": FIXED}, "2", "1"),
        ({"allowed_values": RESOLUTIONS}, "2", "2"),
        # There is nothing else to choose from, also for a person.
        ({"allowed_values": FIXED[:1]}, "2", "1"),
    ],
)
def test_the_chosen_resolution_goes_along_where_jira_suggests_none(required, values, chosen, sent):
    way = replace(FINISH, fields=(field("resolution", required=required, **values),))

    choice = choose(DONE, replace(CHOSEN, resolution_id=chosen), [way])

    assert choice == Choice(way, {"resolution": {"id": sent}})


@pytest.mark.parametrize("target", [CHOSEN, ELSEWHERE])
def test_a_chosen_resolution_that_is_gone_is_replaced_by_nobodys_guess(target):
    gone = replace(target, resolution_id="9")
    asked = replace(FINISH, fields=(field("resolution", allowed_values=RESOLUTIONS),))
    optional = replace(asked, fields=(replace(asked.fields[0], required=False),))

    assert choose(DONE, gone, [asked]).failure is FailureCode.RESOLUTION_NOT_LISTED
    assert choose(DONE, gone, [optional]) == Choice(optional, {})


def test_a_resolution_beside_more_is_no_matter_of_the_settings():
    asked = replace(FINISH, fields=(field("resolution", allowed_values=FIXED), CAUSE))

    found = choose(DONE, CHOSEN, [asked])

    assert (found.failure, found.asked) == (FailureCode.SCREEN_ASKS_MORE, ("Resolution", "Cause"))


def test_what_is_opened_again_gets_no_resolution():
    again = replace(START, fields=(field("resolution", required=False, default_id="1"),))
    target = Target("s-Progress", known=True, resolution_id="1")

    assert choose(OPEN, target, [again]) == Choice(again, {})


@pytest.mark.parametrize(
    ("category", "changed", "echo"),
    [
        ("done", 2, True),
        ("done", 4.5, False),
        ("done", -0.5, False),
        ("new", 2, False),  # somebody at the same moment, the other way
        ("done", None, False),
    ],
)
def test_our_own_transition_is_known_when_it_comes_back(category, changed, echo):
    assert is_echo([own(1, 3)], issue(category, changed), REQUEST) is echo


# Our clock is five seconds ahead, so ours left at -3 by Jira's and was answered at -1.
SAID = {"before": -4, "after": -1}


@pytest.mark.parametrize(
    ("sent", "changed", "echo"),
    [
        (own(2, 4, **SAID), -2, True),
        (own(2, 4, **SAID), -5.1, False),
        (own(2, 4, **SAID), 0.9, True),  # Jira tells whole seconds
        (own(2, 4, **SAID), 1.1, False),
        # Ours would have it: somebody has moved it while our answer was read.
        (own(2, 4, **SAID), 3, False),
        # An answer without its time, and none at all.
        (own(2, 4, before=-4), 0, True),
        (own(2, 4, before=-4), 0.1, False),
        (own(2, before=-4), 28, True),
        (own(2, before=-4), 28.1, False),
    ],
)
def test_it_is_known_by_jiras_clock_where_jira_tells_its_time(sent, changed, echo):
    assert is_echo([sent], issue("done", changed), REQUEST) is echo
