"""Several people who press at the same moment."""

import threading
from collections.abc import Callable

from app.extensions import db


def at_once(*actions: Callable[[], object]) -> list[object]:
    """Run the actions at the same moment, and return what they returned."""
    start = threading.Barrier(len(actions))
    answers: list[object] = [None] * len(actions)

    def run(number: int, action: Callable[[], object]) -> None:
        start.wait()
        answers[number] = action()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    db.session.commit()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    return answers
