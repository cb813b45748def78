"""How long Jira waits for the answer to a delivery, and whether it is taken.

Counted by the web server alone (wsgi.py) as they leave, and added to the database every ten seconds
at most: a burst of deliveries costs no more than one of them.
"""

import logging
from datetime import timedelta

from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from app import clock
from app.clock import utcnow
from app.extensions import answer_by, db
from app.operations.levels import answered
from app.operations.levels.answered import Answer, AnswerCounts
from app.side_by_side import one_at_a_time
from app.web.webhooks import NOBODYS

ENDPOINT = "webhooks.create"
EVERY = 10.0  # seconds
PATIENCE = 2.0  # seconds that the database has for it

log = logging.getLogger(__name__)


class DeliveryAnswers:
    """What one process answered and has not added yet."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.every = EVERY
        self.waiting = AnswerCounts()
        self._turn = one_at_a_time()  # answers leave from many threads
        self.added_at = clock.monotonic() - EVERY
        app.before_request(self.begin)
        app.after_request(self.end)

    def begin(self) -> None:
        if request.endpoint == ENDPOINT:
            g.delivery_began = clock.monotonic()

    def end(self, response: Response) -> Response:
        # Any 4xx is not Jira's, or nothing that anybody could take.
        if "delivery_began" in g and response.status_code // 100 in {2, 5}:
            seconds = clock.monotonic() - g.delivery_began
            came_at = utcnow() - timedelta(seconds=seconds)
            stored = response.status_code // 100 == 2
            answer = Answer(g.get("delivery_is_for", NOBODYS), came_at, seconds, stored)
            response.call_on_close(lambda: self.count(answer))
        return response

    def count(self, answer: Answer) -> None:
        """Keep it, and add what was counted if that was not done lately."""
        self.keep(answer)
        self.add_now_and_then()

    def keep(self, answer: Answer) -> None:
        """Have it added with others."""
        with self._turn:
            self.waiting.count(answer)

    def add_now_and_then(self) -> None:
        """Add what was counted if that was not done lately."""
        if clock.monotonic() - self.added_at >= self.every:
            self.added_at = clock.monotonic()
            self.add()

    def add(self) -> None:
        """Add all that waits; what the database does not take waits on."""
        taken = self._taken()
        with self.app.app_context():
            before = answer_by.set(clock.monotonic() + PATIENCE)
            try:
                answered.add(taken, utcnow())
                db.session.commit()
            except (DBAPIError, NoFreeConnection) as error:
                with self._turn:
                    self.waiting.add(taken)
                log.warning("deliveries not counted yet", extra={"error": type(error).__name__})
            finally:
                answer_by.reset(before)

    def _taken(self) -> AnswerCounts:
        with self._turn:
            taken, self.waiting = self.waiting, AnswerCounts()
        return taken


def watch(app: Flask) -> DeliveryAnswers:
    """Count what `app` answers to deliveries from now on."""
    return DeliveryAnswers(app)
