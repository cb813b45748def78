"""The Makefile says what it can do."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from demo import install, processes
from demo.install import progress
from tests.support.installation import eventually
from tests.support.source_files import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
# What stands before a colon at the start of a line, but for files that are made.
GOALS = set(re.findall(r"^([a-z][\w-]*):(?!=)", MAKEFILE, re.MULTILINE))


def test_help_names_everything_that_make_can_do() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    named = set(re.findall(r"^make ([\w-]+)  ", said.stdout, re.MULTILINE))

    assert GOALS
    assert GOALS - named == set(), "`make help` says nothing of these goals"
    assert named - GOALS == set(), "`make help` promises goals that the Makefile does not have"


def test_no_goal_is_taken_for_a_file() -> None:
    declared = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)

    assert {goal for line in declared for goal in line.split()} == GOALS, (
        ".PHONY of the Makefile lists other goals than there are"
    )


PIPS_WORDS = """\
Collecting alembic==1.18.4 (from -r requirements.txt (line 7))
  Downloading alembic-1.18.4-py3-none-any.whl (264 kB)
Collecting authlib==1.7.2 (from -r requirements.txt (line 10))
Installing collected packages: authlib, alembic
Successfully installed alembic-1.18.4 authlib-1.7.2
"""


def test_what_is_installed_is_said_while_it_is() -> None:
    assert list(progress(PIPS_WORDS.splitlines(), 2)) == [
        "1 of 2: alembic",
        "2 of 2: authlib",
        "Unpacking 2 packages",
        "Installed",
    ]


def test_the_first_words_of_a_demo_that_installs_come_at_once(tmp_path: Path) -> None:
    """Into a pipe, such as that of an editor or of CI."""
    command = ["make", "demo", f"VENV={tmp_path / 'venv'}", "PYTHON=python3"]
    # Not as a part of the make that runs the tests.
    own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    began = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, env=own, stdout=subprocess.PIPE, text=True) as make:
        assert make.stdout is not None
        first = make.stdout.readline()
        took = time.monotonic() - began
        processes.stop({make.pid}, patience=5)

    assert first.startswith("Making ")
    assert took < 1


@pytest.mark.parametrize("goal", ["installed", "installed-dev"])
def test_what_is_installed_next_is_said_before(goal: str, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    command = [
        "make",
        f"{tmp_path}/{goal}",
        f"VENV={tmp_path}",
        "INSTALL=echo pip",
        "PYTHON=python3",
    ]
    own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}

    said = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=True)

    first, second = said.stdout.splitlines()
    assert first.startswith("Installing what ")
    assert second.startswith("pip ")


def test_an_installation_that_is_slow_says_that_it_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "QUIET_FOR", 0.01)
    said: list[str] = []

    def goes_on() -> bool:
        said.append(capsys.readouterr().out)
        return "still at it" in "".join(said)

    with install.Show(terminal=False) as show:
        show.say(0, "1 of 2: alembic")
        eventually(goes_on)


def test_pips_own_words_are_shown_if_it_fails(tmp_path: Path) -> None:
    broken = tmp_path / "requirements.txt"
    broken.write_text("no requirement at all\n")
    done = subprocess.run(
        [sys.executable, "-m", "demo.install", str(broken)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert "ERROR" in done.stderr
