"""JSON documents in named tables, written through to SQLite when a path is given."""

import json
import sqlite3
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

Document = dict[str, Any]


class Table(MutableMapping[str, Document]):
    """One kind of document by id. A changed document is kept by assigning it again."""

    def __init__(self, store: "Store", name: str) -> None:
        self._store = store
        self._name = name
        self._rows: dict[str, Document] = {}

    def load(self, identity: str, document: Document) -> None:
        """Take over a document that is already in the file."""
        self._rows[identity] = document

    def __getitem__(self, identity: str) -> Document:
        return self._rows[identity]

    def __setitem__(self, identity: str, document: Document) -> None:
        self._rows[identity] = document
        self._store.write(self._name, identity, document)

    def __delitem__(self, identity: str) -> None:
        del self._rows[identity]
        self._store.erase(self._name, identity)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._rows))

    def __len__(self) -> int:
        return len(self._rows)


class Store:
    """All tables. Callers hold the world's lock; `commit` makes the changes last."""

    def __init__(self, path: Path | None) -> None:
        self._tables: dict[str, Table] = {}
        self._file = None if path is None else _open(path)
        if self._file is not None:
            for kind, identity, text in self._file.execute("SELECT kind, id, body FROM document"):
                self.table(kind).load(identity, json.loads(text))

    def table(self, name: str) -> Table:
        """The table of that name, empty if new."""
        return self._tables.setdefault(name, Table(self, name))

    def write(self, kind: str, identity: str, document: Document) -> None:
        """Put one document into the file."""
        if self._file is not None:
            self._file.execute(
                "INSERT INTO document VALUES (?, ?, ?)"
                " ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                (kind, identity, json.dumps(document)),
            )

    def erase(self, kind: str, identity: str) -> None:
        """Take one document out of the file."""
        if self._file is not None:
            self._file.execute("DELETE FROM document WHERE kind = ? AND id = ?", (kind, identity))

    def commit(self) -> None:
        """Make everything written so far last."""
        if self._file is not None:
            self._file.commit()

    def clear(self) -> None:
        """Empty every table."""
        for table in self._tables.values():
            table.clear()
        self.commit()

    def close(self) -> None:
        """Commit and close the file."""
        if self._file is not None:
            self._file.commit()
            self._file.close()
            self._file = None


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    # One connection for all threads: the world's lock lets one in at a time.
    file = sqlite3.connect(path, check_same_thread=False)
    file.execute("PRAGMA journal_mode=WAL")
    file.execute("PRAGMA synchronous=NORMAL")
    file.execute(
        "CREATE TABLE IF NOT EXISTS document"
        " (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id))"
    )
    file.commit()
    return file
