"""What a migration may not do to tables that code of the version before goes on to use.

A migration expands: tables, columns and indexes that nobody has to know of. What it takes away, or
asks of rows that did not have to keep it, is a complaint. A migration that contracts says so: its
`contracts` maps each complaint to the reason, which begins with the migration since which no code
needs what goes ("0019: …"), or with "wider: …" for a constraint that lets everything through that
the one before it did.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

import sqlalchemy as sa

REASON = re.compile(r"(?:(?P<since>\d{4})|wider): .{10,}", re.DOTALL)


def complaints(before: sa.MetaData, after: sa.MetaData) -> list[str]:
    """What breaks for code that knows `before`, and for rows that it has written."""
    return [
        f"{name}: {each}"
        for name, old in before.tables.items()
        for each in _of_table(old, after.tables.get(name))
    ]


def unexplained(
    found: Iterable[str], contracts: Mapping[str, str], earlier: Collection[str]
) -> list[str]:
    """Complaints without a reason, reasons without a complaint, and reasons that are none.

    earlier: the migrations before it, whatever their numbers: what it takes away must have been
    needless since one of them.
    """
    known = set(found)
    wrong = [each for each in sorted(known) if each not in contracts]
    for each, reason in contracts.items():
        if each not in known:
            wrong.append(f"it does not do this: {each}")
        match = REASON.fullmatch(reason)
        if match is None or (match["since"] and match["since"] not in earlier):
            wrong.append(f"no reason that can be followed: {reason}")
    return wrong


def _of_table(old: sa.Table, new: sa.Table | None) -> Iterator[str]:
    if new is None:
        yield "the table is gone"
        return
    for column in old.columns:
        yield from _of_column(column, new.columns.get(column.name))
    for column in new.columns:
        if column.name not in old.columns and not column.nullable and not _filled(column):
            yield f"{column.name} must be given, and the code before does not know it"
    added = _demands(new, old.columns.keys()) - _demands(old, old.columns.keys())
    for words in sorted({words for words, _ in added}):
        yield f"rows must keep {words}"


def _of_column(old: sa.Column[object], new: sa.Column[object] | None) -> Iterator[str]:
    if new is None:
        yield f"{old.name} is gone"
        return
    if str(old.type) != str(new.type):
        yield f"{old.name} was {old.type} and is {new.type}"
    if old.nullable and not new.nullable:
        yield f"{old.name} may not be empty any more"
    if not new.nullable and _filled(old) and not _filled(new):
        yield f"{old.name} is not filled in any more"


def _filled(column: sa.Column[object]) -> bool:
    return column.server_default is not None


def _demands(table: sa.Table, known: Iterable[str]) -> set[tuple[str, str]]:
    """What the table asks of rows in columns that are `known`: in words, and how it is written."""
    names, found = set(known), set[tuple[str, str]]()
    for each in table.constraints:
        if isinstance(each, sa.CheckConstraint):
            text = " ".join(str(each.sqltext).split())
            if names & set(re.findall(r"\w+", text)):
                found.add((f"check {each.name}", text))
        elif isinstance(each, sa.ForeignKeyConstraint):
            found |= _of_columns("reference", each.column_keys, names)
        elif isinstance(each, sa.UniqueConstraint | sa.PrimaryKeyConstraint):
            found |= _of_columns("unique", [column.name for column in each.columns], names)
    for index in table.indexes:
        if index.unique:
            found |= _of_columns("unique", [column.name for column in index.columns], names)
    return found


def _of_columns(kind: str, columns: Iterable[str], known: set[str]) -> set[tuple[str, str]]:
    """A demand on new columns alone is kept by every row that leaves them empty."""
    listed = list(columns)
    return {(f"{kind} {', '.join(listed)}", "")} if set(listed) <= known and listed else set()
