"""Several people who press at the same moment, or one who has to wait for another."""

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


def meanwhile(action: Callable[[], object]) -> Callable[[], object]:
    """Somebody acts while the test's transaction is open, and has to wait for it. Gives what ends
    that, commits, and returns what the action returned."""
    returned: list[object] = []
    waiting = threading.Thread(target=lambda: returned.append(action()))
    waiting.start()
    waiting.join(timeout=1)
    assert waiting.is_alive(), "nobody had to wait"

    def commit() -> object:
        db.session.commit()
        waiting.join()
        return returned[0]

    return commit
