"""Time, chance, new names and threads come through one door, so that somebody else may decide."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from demo.jira_cloud.catalog.accounts import SERVICE
from demo.jira_cloud.machine import Machine, Names
from demo.jira_cloud.oauth import tokens
from demo.jira_cloud.state.world import Settings, World
from tests.support.jira_cloud_api import Clock

STAND_IN = Path(__file__).parents[2] / "demo" / "jira_cloud"
DOOR = STAND_IN / "machine.py"
MODULES = {
    "time", "random", "secrets", "uuid", "sched", "asyncio", "concurrent", "multiprocessing",
}  # fmt: skip
NAMES = {"Thread", "Timer", "urandom", "sleep"}
MOMENTS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}


def direct_uses(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.split(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module:
            taken = {each.name for each in node.names}
            if node.module.split(".")[0] in MODULES or taken & NAMES:
                yield node.module
        elif isinstance(node, ast.Attribute):
            of = getattr(node.value, "id", "")
            if node.attr in NAMES or (of, node.attr) in MOMENTS:
                yield f"{of}.{node.attr}"


def test_nothing_but_the_door_touches_the_machine() -> None:
    found = {
        str(path.relative_to(STAND_IN)): uses
        for path in STAND_IN.rglob("*.py")
        if path != DOOR
        if (uses := sorted(direct_uses(ast.parse(path.read_text()))))
    }

    assert found == {}


def test_the_door_is_where_they_are_used() -> None:
    used = set(direct_uses(ast.parse(DOOR.read_text())))

    assert used >= {"time", "random", "secrets", "uuid", "datetime.now", "threading.Thread"}


class Numbered(Names):
    """Names in the order in which they were asked for."""

    def __init__(self) -> None:
        self.given = 0

    def token(self, size: int) -> str:
        self.given += 1
        return f"token-{self.given}"


def test_a_world_takes_its_time_and_its_names_from_its_machine() -> None:
    clock = Clock()
    world = World(Settings(), machine=Machine(clock=clock, names=Numbered()))
    clock.forward(days=1)

    family = tokens.consent(world, SERVICE, ["offline_access"], ["acme-eng"])
    pair = tokens.issue_pair(world, family)

    assert (pair["access_token"], pair["refresh_token"]) == ("token-1", "token-2")
    kept = world.table("refresh_tokens")["token-2"]
    assert kept["issued_at"] == datetime(2026, 11, 25, 15, 20, tzinfo=UTC).timestamp()
