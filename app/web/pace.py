"""How long pages wait before they ask again by themselves, as each answer tells them.

Each process of the web server counts the pages that ask it: one that says that it has waited eight
seconds (`Poll-Waited`) asks an eighth as often as one that waited one. From that follows how long
all have to wait (`Poll-After`) so that to answer everybody that there is nothing new, and everybody
at one address that there is, takes a share of a processor. It is known before there is news: pages
are there, and ask, long before a retrospective enters Commit.

A page that does not say how long it waited is neither counted nor told.
"""

import time
from collections import OrderedDict, deque

from flask import Flask, Response, g, request

from app import clock
from app.side_by_side import one_at_a_time

# The longest that a page is told to wait, and that one counts for. Who touches nothing for three
# minutes waits as long (polling.js). So one who lies makes others wait no longer.
LONGEST = 15.0  # seconds
COUNTED = 10.0  # seconds within which pages are counted
# Of one processor. The database takes as much again, people who do something need the rest, and
# answers that come at random wait for each other the less, the less there is to do.
SHARE = 0.25
# Seconds of processor that an answer takes until some were given: see docs/stack.md §9.
FIRST_NEWS, FIRST_NOTHING = 0.02, 0.004
LEARNED = 0.1  # of each that is given
WAITED, AFTER = "Poll-Waited", "Poll-After"
# What a part that stays as it is asks by now, where that is less often than it was drawn with.
EVERY = "Poll-Every"


class Pages:
    """That ask, counted by how long each has waited."""

    def __init__(self, now: float) -> None:
        self._began = now
        self._asked: deque[tuple[float, float]] = deque()  # at, after having waited
        self._waited = 0.0  # all of these together

    def note(self, now: float, waited: float) -> float:
        """How many there are, with one that asks now."""
        self._asked.append((now, waited))
        self._waited += waited
        while self._asked[0][0] <= now - COUNTED:
            self._waited -= self._asked.popleft()[1]
        return self._waited / min(COUNTED, max(1.0, now - self._began))

    def gone(self, now: float) -> bool:
        return self._asked[-1][0] <= now - COUNTED


class Pace:
    """Of one process."""

    def __init__(self, now: float) -> None:
        self._turn = one_at_a_time()
        self._everybody = Pages(now)
        self._at: OrderedDict[str, Pages] = OrderedDict()  # an address; who asked last is last
        self._cost = {True: FIRST_NEWS, False: FIRST_NOTHING}

    def wait(self, now: float, place: str, waited: float, took: float, *, news: bool) -> float:
        """Seconds until a page that has waited so long should ask again.

        now: on the clock that never goes back. place: what it asks. took: seconds of processor for
        the answer, which said something new or not.
        """
        counts = min(max(waited, 0.0), LONGEST)
        with self._turn:
            self._cost[news] += LEARNED * (took - self._cost[news])
            here = self._there(now, place).note(now, counts) * self._cost[True]
            all_of_them = self._everybody.note(now, counts) * self._cost[False]
            return min(max(here, all_of_them) / SHARE, LONGEST)

    def _there(self, now: float, place: str) -> Pages:
        found = self._at.setdefault(place, Pages(now))
        self._at.move_to_end(place)
        while (oldest := next(iter(self._at))) != place and self._at[oldest].gone(now):
            del self._at[oldest]
        return found


def init_app(app: Flask) -> None:
    pace = Pace(clock.monotonic())

    def begin() -> None:
        g.processor_at = time.thread_time()

    def tell(response: Response) -> Response:
        waited = _number(request.headers.get(WAITED))
        if waited is not None and "processor_at" in g and response.status_code in {200, 204}:
            took, news = time.thread_time() - g.processor_at, response.status_code == 200
            wait = pace.wait(clock.monotonic(), request.path, waited, took, news=news)
            response.headers[AFTER] = f"{wait:.1f}"
        return response

    app.before_request(begin)
    app.after_request(tell)


def _number(text: str | None) -> float | None:
    try:
        found = float(text or "")
    except ValueError:
        return None
    return found if 0 <= found < float("inf") else None
