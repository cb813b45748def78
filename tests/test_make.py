"""The Makefile says what it can do."""

import re
import subprocess

from tests.support.source_files import ROOT


def test_help_names_everything_that_make_can_do() -> None:
    declared = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    goals = {goal for line in declared for goal in line.split()}

    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert goals
    assert {
        goal for goal in goals if not re.search(rf"\bmake {goal}(?![\w-])", said.stdout)
    } == set()
