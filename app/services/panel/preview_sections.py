"""A long preview in sections: what needs a look first and open, what is well closed. Pure."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from app.services.labels import plural
from app.services.panel.preview_words import FAILED, UNDER_WAY, OwnerWords

# From so many action items on nobody reads them one by one.
MANY = 13


class Previewed(Protocol):
    """A row of the preview."""

    @property
    def owner(self) -> OwnerWords: ...
    @property
    def created(self) -> bool: ...
    @property
    def unlinked(self) -> bool: ...
    @property
    def under_way(self) -> bool: ...
    @property
    def failed(self) -> bool: ...
    @property
    def sends(self) -> str: ...


T = TypeVar("T", bound=Previewed)


@dataclass(frozen=True)
class Section(Generic[T]):
    """heading: how many and what of them. note: what to know of all. detail: beside the heading."""

    heading: str
    rows: Sequence[T]
    note: str = ""
    detail: str = ""

    @property
    def opened(self) -> bool:
        """Whether somebody should look at it."""
        return bool(self.note)


def sections_of(rows: Sequence[T], *, mapped: bool) -> list[Section[T]]:
    """None for a short list. mapped: whether a project is chosen, so that issues are created."""
    if len(rows) < MANY:
        return []
    by_note: dict[Hashable, list[T]] = {}
    for row in rows:
        if row.created and row.owner.outcome:
            by_note.setdefault((row.owner.outcome, row.owner.note), []).append(row)
    noted = [_noted(group) for group in by_note.values()]
    ready = [row for row in rows if row.created and not row.owner.outcome]
    begun = [row for row in rows if row.under_way]
    failed = [row for row in rows if row.failed]
    linked = [row for row in rows if _is_linked(row)]
    unlinked = [row for row in rows if row.unlinked]
    changed = sum(bool(row.sends) for row in linked)
    sending = plural(changed, "sends changes", "send changes") if changed else ""
    calm = ("is ready", "are ready") if mapped else ("stays in Unpack", "stay in Unpack")
    plain = [
        Section(plural(len(ready), *calm), ready),
        Section(
            f"{plural(len(linked), 'has its issue', 'have their issues')} already",
            linked,
            detail=sending,
        ),
        Section(plural(len(begun), *UNDER_WAY), begun),
        Section(plural(len(failed), *FAILED), failed),
        Section(f"{plural(len(unlinked), 'stays', 'stay')} unlinked", unlinked),
    ]
    return [*noted, *(section for section in plain if section.rows)]


def _is_linked(row: Previewed) -> bool:
    return not (row.created or row.unlinked or row.under_way or row.failed)


def _noted(rows: Sequence[T]) -> Section[T]:
    owner = rows[0].owner
    assert owner.outcome is not None
    return Section(plural(len(rows), *owner.outcome), rows, owner.note)
