"""A page that is drawn while a worker ends a check: it shows the end, or goes on asking."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import event

from app.extensions import db
from jobs import refresh_metadata
from tests.support.atlassian import JIRA, connection
from tests.support.pages import text_of
from tests.support.people import Answer, Person
from tests.web.jira_settings.choices import STORY, TASK, ask_for_types, chosen

pytestmark = pytest.mark.both_databases


def test_a_check_that_ends_while_a_save_is_answered_is_shown(app: Flask, settings, work):
    ask_for_types(settings, work, "PLAT")
    check = checking(app)

    for number, form in enumerate(forms(), 1):
        with at_statement(number, check, saved=False) as happened:
            answer = settings.post(JIRA, form, htmx=True)
        if not happened:
            break
        assert is_shown(settings, answer, form), f"ended before statement {number} of the answer"
        work()

    assert number > 10


def test_a_check_that_ends_while_a_poll_is_answered_is_shown(app: Flask, settings, work):
    ask_for_types(settings, work, "PLAT")
    check = checking(app)

    for number, form in enumerate(forms(), 1):
        settings.post(JIRA, form, htmx=True)
        with at_statement(number, check) as happened:
            seen = form | {"seen": "what was before"}
            answer = settings.get(f"{JIRA}/issue-types", query_string=seen, htmx=True)
        if not happened:
            break
        assert is_shown(settings, answer, form), f"ended before statement {number} of the answer"
        work()

    assert number > 10


@contextmanager
def at_statement(
    number: int, do: Callable[[], object], *, saved: bool = True
) -> Iterator[list[int]]:
    """Something else happens right before that statement; empty afterwards if there was none.

    saved: what it works on is there already; else it is counted from the save's commit on.
    """
    asked, happened, so_far = count(1), [], {"wrote": saved, "saved": saved}

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        so_far["wrote"] |= bool(re.match(r"(INSERT INTO|UPDATE) project_mapping", statement))
        if so_far["saved"] and not happened and next(asked) == number:
            happened.append(number)
            do()

    def note(_: object) -> None:
        so_far["saved"] = so_far["wrote"]

    event.listen(db.engine, "before_cursor_execute", hear)
    event.listen(db.engine, "commit", note)
    yield happened
    event.remove(db.engine, "before_cursor_execute", hear)
    event.remove(db.engine, "commit", note)


def forms() -> Iterator[dict[str, object]]:
    """One save after the other, each with another type, which has to be checked."""
    for version in count():
        yield chosen("PLAT", (TASK, STORY)[version % 2], version)


def checking(app: Flask) -> Callable[[], None]:
    """What a worker does, in a thread that shares nothing with the request."""
    connection_id = connection().id

    def check() -> None:
        with app.app_context():
            refresh_metadata.run(connection_id)

    def elsewhere() -> None:
        with ThreadPoolExecutor(1) as worker:
            worker.submit(check).result()

    return elsewhere


def is_shown(admin: Person, answer: Answer, form: dict[str, object]) -> bool:
    """Whether the page says Ready, or will once it has asked again as it says that it will."""
    for _ in range(3):
        if "Ready" in text_of(answer.page.by_id("where")):
            return True
        choices = answer.page.by_id("choices")
        if "every" not in choices.get("hx-trigger", ""):
            return False
        address = f"{choices.get('hx-get')}&{urlencode(form)}"
        again = admin.get(address, htmx=True)
        answer = again if again.status_code == 200 else answer
    return False
