"""`python -m tests.sections`: all tests, one kind after the other, and how long each took.

One kind at a time, because a storm beside it makes a browser late. What stands on the command line
is handed to pytest.
"""

import os
import subprocess
import sys
import time

# The last three take long: only where everything is asked for (long_runs.py).
SECTIONS = {
    "unit and service": "not browser and not whole and not chaos and not proxies",
    "browser": "browser and not whole and not chaos and not proxies",
    "behind proxies": "proxies",
    "whole installations": "whole and not chaos",
    "simulated days": "",
    "storms": "chaos",
}
LONG = {"whole installations", "simulated days", "storms"}
# Sections that are no tests of pytest, by the module that runs them (docs/simulation.md).
MODULES = {"simulated days": "tests.simulation.at_each_commit"}
NOTHING_COLLECTED = 5


def main(arguments: list[str]) -> int:
    """Run what is asked for; 0 when nothing failed."""
    everything = os.environ.get("REQUIRE_ALL") == "1"
    asked = [name for name in SECTIONS if everything or name not in LONG]
    codes, lines = [], []
    for name in asked:
        began = time.monotonic()
        code = _run(_command(name, arguments))
        codes.append(code)
        lines.append(f"{time.monotonic() - began:8.0f} s  {name}: {_words(code)}")
    print("\n".join(["", "Seconds a section:", *lines]), flush=True)
    # With arguments a section may well hold none of the tests that were named.
    failed = any(code not in (0, NOTHING_COLLECTED) for code in codes)
    return int(failed or all(code == NOTHING_COLLECTED for code in codes))


def _command(name: str, arguments: list[str]) -> list[str]:
    if name in MODULES:
        return [sys.executable, "-m", MODULES[name]]
    return [sys.executable, "-m", "pytest", "-m", SECTIONS[name], *arguments]


def _run(command: list[str]) -> int:
    return subprocess.run(command, check=False).returncode


def _words(code: int) -> str:
    return {0: "passed", NOTHING_COLLECTED: "none of these"}.get(code, f"failed ({code})")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
