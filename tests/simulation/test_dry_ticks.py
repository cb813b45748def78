"""A tick is left out only where it would have found nothing."""

import pytest

from app.clock import utcnow
from app.services.schedule import tick
from tests.simulation import known
from tests.simulation.installation import Ticker
from tests.simulation.play import play
from tests.simulation.script import HOUR, PERIOD


def test_nothing_is_due_where_a_tick_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    left_out: list[list[tuple[str, int]]] = []
    judge = Ticker._nothing_to_find

    def judged(self: Ticker) -> bool:
        nothing = judge(self)
        if nothing:
            with self._built.app.app_context():
                left_out.append(tick.bells(utcnow()))
        return nothing

    monkeypatch.setattr(Ticker, "_nothing_to_find", judged)
    for seed in (2, 3):
        play(seed, 2 * PERIOD / HOUR, known=known.RULES)

    assert len(left_out) > 40
    assert [bells for bells in left_out if bells] == []
