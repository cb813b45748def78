"""Which passwords are refused, as a table."""

import pytest

from app.services.organizations.password_rules import PasswordRefused, refuse_weak

OWN = ["Fatima Said", "fatima.said@rockets.example", "Acme Rockets"]
COMMON, MOSTLY_OWN = "one of the most common", "mostly your name"


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "0 characters. Add 12 more."),
        ("eleven char", "11 characters. Add 1 more."),
        ("x" * 201, "at most 200 characters"),
        ("190319842026", "Digits and signs alone"),
        ("q1w2e3r4t5y6", COMMON),
        ("Administrator", COMMON),
        ("Password1234", COMMON),
        ("!!dragon!!2026", COMMON),
        ("monkeymonkey", COMMON),
        ("abcabcabcabc", COMMON),
        ("aaaaaaaaaaaa", COMMON),
        ("Fatima-Said-26", MOSTLY_OWN),
        ("acmerockets2026", MOSTLY_OWN),
        ("rockets.example", MOSTLY_OWN),
        ("unpack-unpack-1", MOSTLY_OWN),
    ],
)
def test_what_others_would_try_first_is_refused(password: str, words: str) -> None:
    with pytest.raises(PasswordRefused) as refused:
        refuse_weak(password, OWN)

    assert words in refused.value.sentence


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "a b c d e f g h",
        "Fatima rides to the sea",
        "пароль из слов моих",
        "tr0ub4dor&3xyz",
        "x" * 100 + "yz",
    ],
)
def test_what_has_something_of_its_own_is_taken(password: str) -> None:
    refuse_weak(password, OWN)
