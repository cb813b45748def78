"""Many seeds, one after the other: each found fault is shrunk and told."""

import argparse
import itertools
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from tests.simulation import known, ledger, shrinking
from tests.simulation.play import Outcome, play


def main(options: argparse.Namespace) -> int:
    """0 when nothing was found beyond the known list."""
    book = ledger.Ledger(Path(options.ledger))
    commit, found = ledger.commit(), []
    until = time.monotonic() + options.minutes * 60 if options.minutes else float("inf")
    for seed in _seeds(options, book):
        if time.monotonic() > until:
            break
        started = time.process_time()
        outcome = play(seed, options.hours, known=known.RULES)
        new = [each for each in outcome.broken if each.rule not in known.RULES]
        seconds = time.process_time() - started
        book.add(commit, options.hours, seed, bool(new), seconds)
        if options.tell:
            sys.stdout.write(outcome.text)
        if new:
            found.append(outcome)
            print(f"seed {seed} at {commit}: " + "; ".join(map(str, new)), flush=True)
    print(book.listed())
    for outcome in found[:3]:
        _tell(outcome)
    return 1 if found else 0


def _seeds(options: argparse.Namespace, book: ledger.Ledger) -> Iterable[int]:
    if not options.seeds:
        first = book.next_seed()
        return range(first, first + options.count)
    first, _, last = options.seeds.partition("-")
    if options.seeds.endswith("-"):
        return itertools.count(int(first))
    return range(int(first), int(last or first) + 1)


def _tell(outcome: Outcome) -> None:
    shortest = shrinking.shrink(outcome, known.RULES)
    rule = shrinking.first_rule(shortest, known.RULES)
    print(f"\nSeed {outcome.seed}, shrunk from {len(outcome.events)} events:")
    print(shrinking.story(shortest))
    print("\n" + shrinking.as_test(shortest, rule))
