"""Records a walk: the list of files of ours that something enters, in call order.

`python -m tests.walks.record` walks the walks of `test_walks.py` and prints them.

A file is entered whenever one of its functions is called. Consecutive repeats are merged; left out
are `models` and `extensions`, what listens to rows being loaded (nobody who reads the code comes
by), and comprehensions, which belong to the function around them.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("app/", "jobs/")
LEFT_OUT = ("app/models", "app/extensions", "app/operations/log_lines")
INSIDE_A_FUNCTION = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>", "<module>"}


class Walk:
    """The files, as paths below the project, in the order in which they were entered."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    @property
    def files(self) -> list[str]:
        return [file for file, _ in groupby(self.calls)]

    @property
    def rooms(self) -> list[str]:
        """The folders of app/services that were entered; what lies between them is left out."""
        parts = [file.split("/") for file in self.files]
        rooms = [each[2] for each in parts if each[:2] == ["app", "services"] and len(each) > 3]
        return [room for room, _ in groupby(rooms)]

    def between(self, first: str, last: str) -> "Walk":
        """From the first time that `first` is entered to the last time that `last` is."""
        part = Walk()
        end = len(self.calls) - self.calls[::-1].index(last)
        part.calls = self.calls[self.calls.index(first) : end]
        return part

    def up_to(self, first: str, reached: str) -> "Walk":
        """From the first time that `first` is entered to the first time that `reached` is."""
        part = Walk()
        part.calls = self.calls[self.calls.index(first) : self.calls.index(reached) + 1]
        return part

    def __str__(self) -> str:
        return "\n".join(f"{number:3} {file}" for number, file in enumerate(self.files, 1))


@contextmanager
def recorded() -> Iterator[Walk]:
    """Record what this thread, and those that it starts, enter until the context ends."""
    walk = Walk()

    def enter(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_name not in INSIDE_A_FUNCTION:
            file = code.co_filename.removeprefix(f"{ROOT}/")
            if file.startswith(ROOMS) and not file.startswith(LEFT_OUT):
                walk.calls.append(file)

    sys.setprofile(enter)
    threading.setprofile(enter)
    try:
        yield walk
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]


if __name__ == "__main__":
    import pytest

    sys.exit(pytest.main(["-q", "-s", "-p", "no:logging", str(ROOT / "tests/walks")]))
