"""What a link remembers of the fields of its issue, and which side has changed one since. Pure.

For each field a snapshot has its *source* as a person wrote it here, what Jira was *sent*, and what
was last *seen* there; of a guarded field also what updates *tried* to write whose answers have not
come. The keys beside them are those of version 1.0, which knew only what was sent, in a form of its
own; they are still written, and read of rows that have nothing else.
"""

from collections.abc import Collection, Container, Iterable, Mapping
from typing import Any

from app.jira import adf
from app.jira.types import Issue
from app.services.fields.synced_field import Kind, SyncedField
from app.services.fields.values import FieldValue

SOURCE, SENT, SEEN, TRIED = "source", "sent", "seen", "tried"
PARTS = (SOURCE, SENT, SEEN)
# The field values that a create sent, by Jira's ids: what becomes of them in Jira is its own.
VALUES = "values"

Snapshot = Mapping[str, Any]


def changed_here(value: FieldValue, snapshot: Snapshot | None) -> bool:
    """Whether a person wrote something else here since Jira was given the field.

    A row of version 1.0 is compared by what it was sent, once. Of a field that Jira never had, an
    empty value is no news.
    """
    known, field = snapshot or {}, value.field
    if field.id in known.get(SOURCE, {}):
        return bool(known[SOURCE][field.id] != value.source)
    if field.kind is Kind.PERSON:
        return bool(value.source != known.get(f"{field.id}_id"))
    return bool(value.remembered != known.get(field.id))


def is_as_we_left_it(field: SyncedField, snapshot: Snapshot | None, issue: Issue) -> bool:
    """Whether an issue, as just read, holds the field as it was when both sides last agreed.

    What was seen then; where nothing was, what Jira was sent. Of a field that Jira never had from
    us, whatever stands there is somebody's.
    """
    known = snapshot or {}
    if seen_in(field, issue) in known.get(TRIED, {}).get(field.id, ()):
        return True  # our own, though nobody told us that it arrived
    for part in (SEEN, SENT):
        if field.id in known.get(part, {}):
            return bool(known[part][field.id] == seen_in(field, issue))
    if field.id not in known:
        return issue.fields.get(field.id) is None
    read = field.read(issue) if field.read else field.remember(issue.fields.get(field.id))
    return bool(known[field.id] == read)


def seen_in(field: SyncedField, issue: Issue) -> Any:
    """What one sees of the field in an issue that was read with it."""
    look = field.look or field.read
    return look(issue) if look else issue.fields.get(field.id)


def seen_after_writing(
    field: SyncedField, sent: Any, issue: Issue, ours: Any = None
) -> dict[str, Any]:
    """What was seen of a field right after it was written, by its id. ours: what one sees of what
    was sent, where that is known.

    Nothing where Jira leaves it out, and nothing of a guarded field whose words are not ours: a
    rule of Jira's has added some, and they are somebody's.
    """
    if field.id not in issue.fields:
        return {}
    read = issue.fields[field.id]
    if ours is not None and read == sent:
        return {field.id: ours}
    seen = seen_in(field, issue)
    # Mostly it looks the same: only where it does not are both read word by word.
    if field.guarded and seen != ours and adf.words(read) != adf.words(sent):
        return {}
    return {field.id: seen}


def with_sources(snapshot: Snapshot | None, sources: Mapping[str, Any]) -> dict[str, Any]:
    """The snapshot with these sources, as stored, by Jira's ids of fields."""
    return _with(snapshot, SOURCE, sources)


def with_sent(snapshot: Snapshot | None, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The snapshot once these were sent. What was seen of them before is not there any more."""
    left = (snapshot or {}).get(SEEN, {})
    seen = {name: value for name, value in left.items() if name not in sent}
    return _with({**_without_tried(snapshot, sent), SEEN: seen}, SENT, sent)


def with_seen(snapshot: Snapshot | None, seen: Mapping[str, Any]) -> dict[str, Any]:
    """The snapshot once these were seen in Jira."""
    return _with(_without_tried(snapshot, seen), SEEN, seen)


def with_tried(snapshot: Snapshot | None, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The snapshot before these leave: should no answer come, they are known again as ours."""
    before = (snapshot or {}).get(TRIED, {})
    return _with(snapshot, TRIED, {name: [*before.get(name, []), sent[name]] for name in sent})


def with_first_sources(
    snapshot: Snapshot | None, fields: Iterable[SyncedField], sources: Mapping[str, Any]
) -> dict[str, Any]:
    """The snapshot of a settled row of version 1.0 with what its fields were made from."""
    known = dict(snapshot or {})
    if SOURCE in known:
        return known
    held = [field for field in fields if field.id in known]
    return with_sources(known, {field.id: field.stored(sources[field.id]) for field in held})


def without(
    snapshot: Snapshot, known: Snapshot | None, fields: Collection[SyncedField]
) -> dict[str, Any]:
    """The snapshot of what is sent, if these are left out after all. `known`: what was before."""
    before = known or {}
    left: dict[str, Any] = dict(snapshot)
    for field in fields:
        left = {**left, **{part: dict(left.get(part, {})) for part in PARTS}}
        for part in PARTS:
            _put_back(left[part], before.get(part, {}), field.id)
        _put_back(left, before, field.id)
    return left


def without_values(snapshot: Snapshot, names: Collection[str]) -> dict[str, Any]:
    """The snapshot of a create that leaves without these field values after all."""
    left = {name: each for name, each in snapshot.get(VALUES, {}).items() if name not in names}
    known = {part: each for part, each in snapshot.items() if part != VALUES}
    return {**known, VALUES: left} if left else known


def with_decisions(snapshot: Snapshot, claimed: Snapshot | None, row: Snapshot | None) -> Snapshot:
    """The snapshot to store, with the sources that a person has settled while it was sent.

    claimed, row: what the link had when it was claimed, and has now.
    """
    before, now = (claimed or {}).get(SOURCE, {}), (row or {}).get(SOURCE, {})
    settled = {name: now[name] for name in now if now[name] != before.get(name)}
    return with_sources(snapshot, settled) if settled else snapshot


def _without_tried(snapshot: Snapshot | None, settled: Container[str]) -> dict[str, Any]:
    known = dict(snapshot or {})
    if TRIED not in known:
        return known
    tried = {name: each for name, each in known.pop(TRIED).items() if name not in settled}
    return {**known, TRIED: tried} if tried else known


def _put_back(left: dict[str, Any], before: Mapping[str, Any], name: str) -> None:
    left.pop(name, None)
    if name in before:
        left[name] = before[name]


def _with(snapshot: Snapshot | None, part: str, values: Mapping[str, Any]) -> dict[str, Any]:
    known = dict(snapshot or {})
    return {**known, part: {**known.get(part, {}), **values}}
