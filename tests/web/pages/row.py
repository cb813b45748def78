"""What a line of the table of pages says."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from rq.job import Job

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from demo.jira_cloud.server import RunningJiraCloud

ADMIN, OWNER = "admin@acme.test", "owner@acme.test"
FACILITATOR, MEMBER = "facilitator@acme.test", "member1@acme.test"
NOBODY = ""


@dataclass
class Scene:
    """What a state may need beside the database: `ends` undoes after the row what it did."""

    app: Flask
    jira: "RunningJiraCloud"
    work: Callable[[], list[Job]]
    changed: pytest.MonkeyPatch
    ends: ExitStack


def nothing(_: Scene) -> None:
    """The sample organizations as they come."""


@dataclass(frozen=True)
class Row:
    """A page in a state, as somebody sees it.

    path: its address, or what gives it once the state is there. who: the address of whoever is
    signed in. state: arranges it. act: what they do then, and waits until it is done; what the page
    is after it is judged. status: what the server answers at first. environment: what the app finds
    in its environment. complaints: what the console may say, by how it begins.
    """

    name: str
    path: str | Callable[[], str]
    who: str = ADMIN
    state: Callable[[Scene], object] = nothing
    act: "Callable[[Page], object] | None" = None
    status: int = 200
    environment: Mapping[str, str] = field(default_factory=dict)
    complaints: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The path, once the state is there."""
        return self.path if isinstance(self.path, str) else self.path()
