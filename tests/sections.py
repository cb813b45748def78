"""`python -m tests.sections`: all tests, one kind after the other, and how long each took.

One kind at a time, because a storm beside it makes a browser late. What stands on the command line
is handed to pytest.
"""

import os
import subprocess
import sys
import time

# The last two start whole installations: only where everything is asked for (long_runs.py).
SECTIONS = {
    "unit and service": "not browser and not whole and not chaos and not proxies",
    "browser": "browser and not whole and not chaos and not proxies",
    "behind proxies": "proxies",
    "whole installations": "whole and not chaos",
    "storms": "chaos",
}
LONG = {"whole installations", "storms"}
NOTHING_COLLECTED = 5


def main(arguments: list[str]) -> int:
    """Run what is asked for; 0 when nothing failed."""
    everything = os.environ.get("REQUIRE_ALL") == "1"
    asked = [name for name in SECTIONS if everything or name not in LONG]
    codes, lines = [], []
    for name in asked:
        began = time.monotonic()
        code = _run(SECTIONS[name], arguments)
        codes.append(code)
        lines.append(f"{time.monotonic() - began:8.0f} s  {name}: {_words(code)}")
    print("\n".join(["", "Seconds a section:", *lines]), flush=True)
    # With arguments a section may well hold none of the tests that were named.
    failed = any(code not in (0, NOTHING_COLLECTED) for code in codes)
    return int(failed or all(code == NOTHING_COLLECTED for code in codes))


def _run(markers: str, arguments: list[str]) -> int:
    command = [sys.executable, "-m", "pytest", "-m", markers, *arguments]
    return subprocess.run(command, check=False).returncode


def _words(code: int) -> str:
    return {0: "passed", NOTHING_COLLECTED: "none of these"}.get(code, f"failed ({code})")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
