"""`python -m tests.support.mutants`: how many mutants of the pure decisions are killed, by module.

mutmut changes one thing at a time in the modules that pyproject.toml names, and runs the tests that
reach it. What no test could notice is listed in `equivalent_mutants.json` with the reason; of the
others nine of ten have to be killed.
"""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "mutants"
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.json")
LEAST = 0.9
# How a run of the tests ends under a mutant, as mutmut keeps it: with a failure, or never.
KILLED = {1, 3, 24, 36, 152, 255, -24}


def main() -> int:
    """Run what has no result yet; 0 when enough are killed."""
    processes = ["--max-children", "2"]
    subprocess.run([str(Path(sys.executable).with_name("mutmut")), "run", *processes], check=True)
    known = set(json.loads(EQUIVALENT.read_text()))
    lines, good = [], True
    for module, results in sorted(results_by_module().items()):
        killed, survived = judged(results, known)
        share = killed / (killed + len(survived)) if killed or survived else 1.0
        good = good and share >= LEAST
        lines.append(f"{share:7.1%}  {killed:4} killed, {len(survived):3} survived  {module}")
        lines += [f"{'':9}survived: {name}" for name in survived]
    print("\n".join(lines))
    return 0 if good and lines else 1


def results_by_module() -> dict[str, dict[str, int | None]]:
    """By module how the tests of each mutant ended."""
    found: dict[str, dict[str, int | None]] = defaultdict(dict)
    for path in RESULTS.rglob("*.py.meta"):
        module = str(path.relative_to(RESULTS)).removesuffix(".meta")
        if results := json.loads(path.read_text())["exit_code_by_key"]:
            found[module] = results
    return dict(found)


def judged(results: Mapping[str, int | None], equivalent: Iterable[str]) -> tuple[int, list[str]]:
    """How many were killed, and who survived that is not listed. One without a test survived."""
    known = set(equivalent)
    killed = Counter(code in KILLED for code in results.values())[True]
    survived = [name for name, code in results.items() if code not in KILLED and name not in known]
    return killed, sorted(survived)


if __name__ == "__main__":
    sys.exit(main())
