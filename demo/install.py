"""Installs pinned requirements and says all the while what it is doing, to a terminal or a pipe.

Run by the Makefile before anything is installed, so the standard library has to do.
"""

import re
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

QUIET_FOR = 5.0  # seconds without news, after which we say that it goes on
LINE_EVERY = 10  # packages, in a pipe: a line each would be a wall of them
# fmt: off
PIP = [
    sys.executable, "-m", "pip", "install", "--no-input", "--disable-pip-version-check",
    "--progress-bar", "off", "--require-hashes", "-r",
]
# fmt: on
_COLLECTING = re.compile(r"(?:Collecting|Requirement already satisfied:) ([\w.\[\]-]+)")


def main() -> int:
    """What pip ends with; what it says is shown if it fails."""
    requirements = Path(sys.argv[1])
    total = len(re.findall(r"^[\w.\[\]-]+==", requirements.read_text(), re.MULTILINE))
    command = [*PIP, str(requirements)]
    said: list[str] = []
    with (
        Show(terminal=sys.stdout.isatty()) as show,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as pip,
    ):
        assert pip.stdout is not None
        for number, words in enumerate(progress(kept(pip.stdout, said), total)):
            show.say(number, words)
    if pip.returncode:
        print("".join(said[-20:]), file=sys.stderr)
    return pip.returncode


def progress(lines: Iterable[str], total: int) -> Iterator[str]:
    """What a person is told of pip's `lines` about `total` packages."""
    fetched = 0
    for line in lines:
        if found := _COLLECTING.match(line):
            fetched += 1
            yield f"{fetched} of {total}: {found[1]}"
        elif line.startswith("Installing collected packages"):
            yield f"Unpacking {total} packages"
        elif line.startswith("Successfully installed"):
            yield "Installed"


def kept(lines: Iterable[str], said: list[str]) -> Iterator[str]:
    """`lines`, of which `said` remembers all."""
    for line in lines:
        said.append(line)
        yield line


class Show:
    """On a terminal one line, written over and over; in a pipe some lines. Says if it is slow."""

    def __init__(self, *, terminal: bool) -> None:
        self.terminal = terminal
        self.news = threading.Event()
        self.over = False

    def __enter__(self) -> "Show":
        self.waiting = threading.Thread(target=self._wait, daemon=True)
        self.waiting.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over = True
        self.news.set()
        self.waiting.join()
        if self.terminal:
            print(flush=True)

    def say(self, number: int, words: str) -> None:
        self.news.set()
        if self.terminal:
            print(f"\r\x1b[K  {words}", end="", flush=True)
        elif number % LINE_EVERY == 0 or " of " not in words:
            print(f"  {words}", flush=True)

    def _wait(self) -> None:
        while not self.over:
            if self.news.wait(QUIET_FOR):
                self.news.clear()
            elif self.terminal:
                print(".", end="", flush=True)
            else:
                print("  still at it …", flush=True)


if __name__ == "__main__":
    sys.exit(main())
