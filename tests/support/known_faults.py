"""`make known-faults`: which of the libraries that Unpack runs on have faults that are known.

pip-audit ends well where it reached no list of faults at all; here that is said, and counts.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PINNED = ROOT / "requirements.txt"
FINE, FAULTY, UNKNOWN = 0, 1, 2


@dataclass(frozen=True)
class Report:
    """faulty: library and fault, with the version that mends it. unknown: of which nothing could
    be learned. asked: how many there are."""

    asked: int
    faulty: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def code(self) -> int:
        if self.faulty:
            return FAULTY
        return UNKNOWN if self.unknown or not self.asked else FINE


def main() -> int:
    report = asked()
    print("\n".join(lines(report)))
    return report.code


def asked(pinned: Path = PINNED, service: tuple[str, ...] = ()) -> Report:
    """What the service knows of the pinned libraries. service: where to ask, else PyPI."""
    # Hashes stand in the file, so nothing is resolved, downloaded or installed.
    given = ["--requirement", str(pinned), "--require-hashes", "--disable-pip"]
    command = [sys.executable, "-m", "pip_audit", *given, "--format", "json", *service]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return read(json.loads(answer.stdout))
    except ValueError:  # it gave up before it had a word of any library
        return Report(asked=0, unknown=("pip-audit",))


def read(found: dict[str, Any]) -> Report:
    """What pip-audit's JSON says."""
    libraries = found["dependencies"]
    faulty = [
        f"{each['name']} {each['version']}: {fault['id']}, {_mended(fault['fix_versions'])}"
        for each in libraries
        for fault in each.get("vulns", [])
    ]
    unknown = [each["name"] for each in libraries if "skip_reason" in each]
    return Report(len(libraries), tuple(faulty), tuple(unknown))


def lines(report: Report) -> list[str]:
    """What a person reads."""
    said = [*report.faulty]
    if report.unknown and len(report.unknown) >= report.asked:
        said.append("The list of known faults could not be reached: nothing was looked up.")
    elif report.unknown:
        said.append(f"Nothing could be learned of {', '.join(report.unknown)}.")
    return said or [f"No fault is known of the libraries, {report.asked} of them."]


def _mended(versions: list[str]) -> str:
    return f"mended in {', '.join(versions)}" if versions else "mended nowhere yet"


if __name__ == "__main__":
    sys.exit(main())
