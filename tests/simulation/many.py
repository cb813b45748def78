"""Many seeds, one after the other: each found fault is shrunk and told."""

import argparse
import itertools
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.simulation import engine, known, ledger, shrinking
from tests.simulation.play import Outcome, play


def main(options: argparse.Namespace) -> int:
    """0 when nothing was found beyond the known list."""
    book = ledger.Ledger(Path(options.ledger))
    database = "postgresql" if options.postgresql else "sqlite"
    kind = ledger.Kind(engine.fingerprint(), ledger.commit(), database, options.hours)
    lived: list[ledger.Range] = []
    found = []
    for seed in _in_time(_seeds(options, book, kind), options.minutes):
        outcome, one = _live(seed, kind)
        book.add(one)
        lived.append(one)
        if options.tell:
            sys.stdout.write(outcome.text)
        if one.found:
            found.append(outcome)
            new = "; ".join(map(str, _new(outcome)))
            print(f"seed {seed} at {kind.commit}: {new}", flush=True)
    print(ledger.listed(ledger.merged(lived)))
    for outcome in found[:3]:
        _tell(outcome)
    return 1 if found else 0


def show(options: argparse.Namespace) -> int:
    """The ledger, and what is owed."""
    ranges = ledger.Ledger(Path(options.ledger)).ranges()
    print(ledger.listed(ranges))
    print(ledger.owed(ranges, ledger.commit()))
    return 0


def _live(seed: int, kind: ledger.Kind) -> tuple[Outcome, ledger.Range]:
    started = time.process_time()
    outcome = play(seed, kind.hours, known=known.RULES)
    seconds = round(time.process_time() - started, 2)
    found = (seed,) if _new(outcome) else ()
    events, asked = len(outcome.events), outcome.requests
    return outcome, ledger.Range(kind, seed, seed, found, seconds, events, asked)


def _new(outcome: Outcome) -> list[object]:
    return [each for each in outcome.broken if each.rule not in known.RULES]


def _in_time(seeds: Iterator[int], minutes: float | None) -> Iterator[int]:
    """As many as begin within so many minutes."""
    until = time.monotonic() + minutes * 60 if minutes else float("inf")
    return itertools.takewhile(lambda _: time.monotonic() < until, seeds)


def _seeds(options: argparse.Namespace, book: ledger.Ledger, kind: ledger.Kind) -> Iterator[int]:
    """Those that were asked for; or as many as are asked for, where the ledger ends."""
    if not options.seeds:
        return (book.claim(kind) for _ in range(options.count))
    first, _, last = options.seeds.partition("-")
    if options.seeds.endswith("-"):
        return itertools.count(int(first))
    return iter(range(int(first), int(last or first) + 1))


def _tell(outcome: Outcome) -> None:
    shortest = shrinking.shrink(outcome, known.RULES)
    rule = shrinking.first_rule(shortest, known.RULES)
    print(f"\nSeed {outcome.seed}, shrunk from {len(outcome.events)} events:")
    print(shrinking.story(shortest))
    print("\n" + shrinking.as_test(shortest, rule))
