"""Which runs include the long tests that break things on purpose."""

import os

import pytest

ASKED = os.environ.get("REQUIRE_ALL") == "1" or os.environ.get("CHAOS") == "1"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave them out of an ordinary run, unless one is named on the command line."""
    named = any("chaos" in argument for argument in config.args)
    if ASKED or named:
        return
    left_out = [item for item in items if item.get_closest_marker("chaos")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
