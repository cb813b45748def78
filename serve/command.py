"""`python -m serve.command …`: what `flask …` does, with the settings of the installation that
`make serve` runs; it may run meanwhile."""

import os
import sys
from pathlib import Path

from demo.one_machine import ROOT
from demo.supervisor import CannotRun
from serve import settings
from serve.run import FOLDER


def main(arguments: list[str]) -> int:
    """Become `flask`; 1 with one sentence if there is no installation."""
    folder = Path(os.environ.get("UNPACK_INSTANCE") or FOLDER)
    if not settings.path_in(folder).exists():
        print(f"There is no installation in {folder}: `make serve` makes one.", file=sys.stderr)
        return 1
    try:
        settings.make_private(folder)
        environment = settings.build(os.environ, folder)
    except CannotRun as error:
        print(error, file=sys.stderr)
        return 1
    os.chdir(ROOT)
    return os.execve(sys.executable, [sys.executable, "-m", "flask", *arguments], environment)  # noqa: S606


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
