"""Kinds whose value is looked up: the parent, the active sprint, people by their role."""

import pytest

from app.services.field_values.field_kind import Around, Lack, NotSent, Sprint, Typed, ValueInvalid
from app.services.field_values.field_kinds import BY_CODE
from app.services.field_values.leaving_values import ChosenValue, Lacking, leaving_with
from tests.support.field_value_examples import ITEM, MAYA

SPRINT, PARENT, USER = BY_CODE["sprint"], BY_CODE["parent"], BY_CODE["user"]
SPRINT_A, SPRINT_B = Sprint(71, "Sprint 71", 1), Sprint(72, "Sprint 72", 2)


def test_a_parent_is_kept_by_its_id_and_shown_by_key_and_summary():
    stored = PARENT.parse(Typed(("10042",), names={"10042": "PLAT-7 · Reliability"}))

    assert PARENT.words_of(stored) == "PLAT-7 · Reliability"
    assert PARENT.json_of(stored, Around(ITEM)) == {"id": "10042"}
    with pytest.raises(ValueInvalid):
        PARENT.parse(Typed(("PLAT-8",)))


@pytest.mark.parametrize(
    ("typed", "sprints", "sent"),
    [
        ("active", [SPRINT_A], 71),
        ("active", [], Lack.NO_SPRINT),
        ("active", [SPRINT_A, SPRINT_B], Lack.SEVERAL_SPRINTS),
        ("2", [SPRINT_A, SPRINT_B], 72),
        ("3", [SPRINT_A, SPRINT_B], Lack.NO_SPRINT),
    ],
)
def test_the_active_sprint_is_what_is_active_when_it_leaves(typed, sprints, sent):
    stored = SPRINT.parse(Typed((typed,), names={"2": "Sprint 72"}))
    around = Around(ITEM, sprints)

    if isinstance(sent, Lack):
        with pytest.raises(NotSent) as not_sent:
            SPRINT.json_of(stored, around)
        assert not_sent.value.lack is sent
    else:
        assert SPRINT.json_of(stored, around) == sent


@pytest.mark.parametrize("wrong", ["next", "-1", "9" * 30, "{team}"])
def test_a_sprint_is_never_typed_in(wrong):
    with pytest.raises(ValueInvalid):
        SPRINT.parse(Typed((wrong,)))


def test_a_role_is_who_it_is_for_this_item_else_the_fallback_else_nobody():
    fallback = {"id": "sam", "label": "Sam Rivera"}
    with_one = {"role": "facilitator", "fallback": fallback}
    without = {"role": "facilitator", "fallback": None}

    assert USER.json_of({"role": "owner", "fallback": fallback}, Around(ITEM)) == {
        "accountId": MAYA
    }
    assert USER.json_of(with_one, Around(ITEM)) == {"accountId": "sam"}
    with pytest.raises(NotSent):
        USER.json_of(without, Around(ITEM))


def value(field_id: str, kind: str, stored, fingerprint: str = "") -> ChosenValue:
    return ChosenValue(field_id, field_id.title(), kind, fingerprint, stored)


def test_what_leaves_is_on_the_screen_as_it_was_chosen_and_allowed():
    screen = {"a": "textfield/string/", "b": "select/option/", "c": "security/securitylevel/"}
    values = [
        value("a", "text", "From {team}", "textfield/string/"),
        value("b", "text", "moved to another kind", "textfield/string/"),
        value("c", "security-level", {"id": "1", "label": "Inner"}, "security/securitylevel/"),
        value("d", "text", "not on this type", "textfield/string/"),
        value("e", "of-a-later-version", "x"),
    ]

    left = leaving_with(values, Around(ITEM), screen, {"C"})

    assert left.fields == {"a": "From Core & Co"}
    assert left.lacks == {
        "b": Lacking("B", Lack.NOT_ON_SCREEN),
        "c": Lacking("C", Lack.NOT_PERMITTED),
        "d": Lacking("D", Lack.NOT_ON_SCREEN),
    }


def test_what_is_empty_for_this_item_is_left_out_and_says_so():
    screen = {"a": "datepicker/date/", "b": "userpicker/user/"}
    values = [
        value("a", "date", "{due}", "datepicker/date/"),
        value("b", "user", {"role": "facilitator", "fallback": None}, "userpicker/user/"),
    ]
    item = type(ITEM)("Core", "Retro", ITEM.held_on)

    left = leaving_with(values, Around(item), screen, set())

    assert left.fields == {}
    assert left.lacks == {
        "a": Lacking("A", Lack.EMPTY),
        "b": Lacking("B", Lack.NOT_MATCHED),
    }
