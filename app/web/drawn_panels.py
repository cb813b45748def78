"""Panels that were drawn before: of the many who look at one retrospective, those who may do the
same with it are given the same bytes, with the token of their own answer in its forms.

What a panel is drawn from lies in the rows that its transaction sees, and PostgreSQL says which
those are (`one_moment.moment`): where it is the same, the same would be drawn. As soon as anybody
has written anything, that is another moment. SQLite does not say, and each draws for themselves.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Flask, current_app, request

from app import clock
from app.services.panel.polling import Look
from app.side_by_side import one_at_a_time
from app.web import one_moment
from app.web.access import signed_in_user
from app.web.drawn_rows import for_anybody, for_this_answer
from app.web.formatting import today, viewer_zone

NAME = "drawn_panels"
MOST = 100  # some 30 kB each
# What passes by time alone is that late; and a database that was put back to an earlier state may
# call another moment by a name that it had before.
SECONDS = 1.0

Key = tuple[object, ...]


@dataclass(frozen=True)
class Drawn:
    """html. whole: it is all of the retrospective, and not its panel alone. apart: the ids of whom
    it is drawn otherwise for than for others of the same access; None where that is everybody."""

    html: str
    whole: bool
    apart: frozenset[int] | None


class DrawnPanels:
    """Of one process."""

    def __init__(self) -> None:
        self._turn = one_at_a_time()
        self._kept: OrderedDict[Key, tuple[float, Drawn]] = OrderedDict()

    def find(self, key: Key, user_id: int) -> Drawn | None:
        """What was drawn for that key, and for this person or for all of whom it holds."""
        for owner in (None, user_id):
            at, drawn = self._kept.get((owner, *key), (0.0, None))
            if drawn is None or clock.monotonic() - at >= SECONDS:
                continue
            if owner is not None or user_id not in (drawn.apart or ()):
                return drawn
        return None

    def keep(self, key: Key, user_id: int, drawn: Drawn) -> None:
        if drawn.apart is None:
            return
        owner = user_id if user_id in drawn.apart else None
        with self._turn:
            self._kept[(owner, *key)] = clock.monotonic(), drawn
            self._kept.move_to_end((owner, *key))
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)


def init_app(app: Flask) -> None:
    app.extensions[NAME] = DrawnPanels()


def drawn_for(look: Look | None, draw: Callable[[], Drawn]) -> Drawn:
    """What `draw` makes for whoever asks, who sees what `look` says; None where that is unknown."""
    moment = one_moment.moment() if look else None
    if look is None or moment is None:
        return draw()
    kept: DrawnPanels = current_app.extensions[NAME]
    key, user_id = (moment, *_asked(look)), signed_in_user().id
    found = kept.find(key, user_id)
    if found is None:
        drawn = draw()
        found = replace(drawn, html=for_anybody(drawn.html))
        kept.keep(key, user_id, found)
    return replace(found, html=for_this_answer(found.html))


def _asked(look: Look) -> Key:
    """What is drawn, beside what lies in rows. The pulse has what passes by time."""
    arguments = sorted(pair for pair in request.args.items(multi=True) if pair[0] != "pulse")
    viewer = (look.access, str(viewer_zone()), today())
    return (request.script_root, request.path, *arguments, look.pulse, *viewer)
