"""`flask doctor` on connections that are on hold after a restore."""

from flask import Flask

from app.clock import utcnow
from app.operations.doctor import restored
from app.operations.doctor.finding import Level
from app.services.restoring import on_hold
from tests.support.acme import connect


def test_nothing_is_on_hold(app: Flask, sample: None) -> None:
    connect()

    assert [each.level for each in restored.on_hold()] == [Level.GREEN]


def test_it_says_what_each_waits_for_and_the_command(app: Flask, sample: None) -> None:
    connect()
    on_hold.begin(utcnow())

    [found] = restored.on_hold()

    assert found.level is Level.AMBER
    assert "1 connection is on hold after a restore" in found.says
    assert "1 waits for the end of the search" in found.says
    assert "flask jira release" in found.remedy
