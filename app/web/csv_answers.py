"""Tables of text as downloads, batch by batch: no transaction is open while a reader takes time."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, cast

from flask import Response, current_app

from app.extensions import writing

BYTE_ORDER_MARK = "\ufeff"  # or a spreadsheet takes the file for something older than UTF-8
Rows = list[list[str]]
Place = TypeVar("Place")


def download(
    name: str,
    headings: Sequence[str],
    batch: Callable[[Place | None], tuple[Rows, Place | None]],
) -> Response:
    """The file `name`. `batch` gives rows from a place on, and the place of those after, or None.

    Each batch has a context of its own: the request is over by the time it is read.
    """
    app = cast("Any", current_app)._get_current_object()

    def lines() -> Iterator[str]:
        yield BYTE_ORDER_MARK + _text([headings])
        place: Place | None = None
        while True:
            reading = writing.set(False)
            with app.app_context():
                rows, place = batch(place)
            writing.reset(reading)
            if rows:
                yield _text(rows)
            if place is None:
                return

    return Response(
        lines(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _text(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
