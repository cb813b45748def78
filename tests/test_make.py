"""The Makefile says what it can do."""

import re
import subprocess

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
