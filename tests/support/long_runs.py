"""Which runs include the long tests: whole installations, and what breaks them on purpose."""

import os

import pytest

LONG = {"chaos": "tests/chaos", "whole": "tests/running"}
ALL_ASKED = os.environ.get("REQUIRE_ALL") == "1"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave them out of an ordinary run, unless their folder is named on the command line."""
    left_out = [item for item in items if _is_left_out(config, item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_report_header() -> str | None:
    if ALL_ASKED:
        return None
    return "left out: long tests of whole installations (REQUIRE_ALL=1 or `pytest tests/running`)"


def _is_left_out(config: pytest.Config, item: pytest.Item) -> bool:
    markers = [marker for marker in LONG if item.get_closest_marker(marker)]
    return bool(markers) and not any(_asked(config, marker) for marker in markers)


def _asked(config: pytest.Config, marker: str) -> bool:
    named = any(LONG[marker] in argument for argument in config.args)
    return ALL_ASKED or named or os.environ.get(marker.upper()) == "1"
