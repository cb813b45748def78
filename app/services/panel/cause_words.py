"""What the Sync Log says of failures that stand together because of one cause. Pure."""

from dataclasses import dataclass

from app.services.labels import plural


@dataclass(frozen=True)
class OrderWords:
    """How a list is ordered: its heading and, of failures, a sentence and the other order."""

    heading: str = "Entries, newest first"
    sentence: str = ""
    other: str = ""


def order_words(
    *, shown: int, total: int, reasons: int, grouped: bool, by_time: bool
) -> OrderWords:
    """Word the order of a page that has `shown` of `total` failures, for so many `reasons`.

    grouped: some of the page's failures have one cause.
    """
    if by_time:
        return OrderWords(sentence="The newest first.", other="Show them by cause")
    if not grouped:
        return OrderWords()
    sentence = f"{shown} failed for {plural(reasons, 'reason')}."
    if shown < total:
        sentence = f"{shown:,} of {total:,} that failed, by cause."
    return OrderWords("What failed, by cause", sentence, "Show them by time")


def count_words(rows: int, of_all: bool) -> str:
    """How many stand together: all that there are, or those on a page of several."""
    return plural(rows, "action item") if of_all else f"{rows} shown here"


def open_of(rows: int) -> int:
    """How many of so many rows are shown in their group; the others are found by time alone."""
    return rows if rows <= OPEN + LEAST_LEFT else OPEN


OPEN = 10
LEAST_LEFT = 2
