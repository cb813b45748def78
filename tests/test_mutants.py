"""What `make mutants` says of its figures."""

import json
import tomllib

from tests.support.mutants import EQUIVALENT, ROOT, judged

SURVIVES, FAILS, TIMES_OUT, HAS_NO_TEST = 0, 1, 36, 33


def test_what_no_test_notices_or_reaches_has_survived() -> None:
    results = {"a": FAILS, "b": TIMES_OUT, "d": SURVIVES, "c": HAS_NO_TEST, "e": None}

    assert judged(results, []) == (2, ["c", "d", "e"])


def test_what_is_listed_as_equivalent_counts_for_nothing() -> None:
    assert judged({"a": FAILS, "b": SURVIVES}, ["b"]) == (1, [])


def test_each_equivalent_mutant_has_its_reason() -> None:
    assert all(reason for reason in json.loads(EQUIVALENT.read_text()).values())


def test_what_is_mutated_and_what_tests_it_is_there() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
    named = [*told["only_mutate"], *told["also_copy"], *told["pytest_add_cli_args_test_selection"]]

    assert [name for name in named if not (ROOT / name).exists()] == []
