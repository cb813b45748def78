"""What was asked of the stand-in: a bounded log, counters, and how many at once."""

import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from demo.jira_cloud.traffic.messages import Request

KEPT = 20_000


@dataclass
class Entry:
    """One request. `status` is 0 when the connection was dropped without an answer.

    `port` is the caller's own: it tells which process asked.
    """

    number: int
    at: str
    operation: str
    method: str
    path: str
    body_bytes: int
    account: str | None = None
    site: str | None = None
    status: int = 0
    milliseconds: float = 0.0
    fault: str = ""
    done: bool = False
    body: Any = None
    port: int = 0


class RequestLog:
    """Has a lock of its own, because it sees requests that never enter the world."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._counts: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._number = 0
        self._open: dict[int, Entry] = {}
        self._most_in_flight = 0

    def begin(self, now: datetime, operation: str, request: Request) -> Entry:
        """Count a request in."""
        with self._lock:
            self._number += 1
            entry = Entry(
                number=self._number,
                at=now.isoformat(),
                operation=operation,
                method=request.method,
                path=f"{request.path}?{request.query}",
                body_bytes=len(request.body),
                port=request.port,
            )
            self._open[entry.number] = entry
            self._most_in_flight = max(self._most_in_flight, len(self._open))
            self._counts[operation] += 1
            self._entries.append(entry)
            return entry

    def end(self, entry: Entry, status: int, milliseconds: float) -> None:
        """Count it out."""
        with self._lock:
            self._open.pop(entry.number, None)
            entry.status = status
            self._statuses[str(status)] += 1
            if entry.fault:
                self._faults[f"{entry.operation} {entry.fault}"] += 1
            entry.milliseconds = round(milliseconds, 1)

    def entries(self, operation: str | None = None, since: int = 0) -> list[dict[str, Any]]:
        """The requests in order of arrival, after number `since`."""
        with self._lock:
            return [
                asdict(entry)
                for entry in self._entries
                if entry.number > since and operation in (None, entry.operation)
            ]

    def in_flight(self) -> list[dict[str, Any]]:
        """The requests that are being worked on right now, in order of arrival."""
        with self._lock:
            return [asdict(entry) for entry in self._open.values()]

    def counters(self) -> dict[str, Any]:
        """How many requests by operation, status and fault, and the most at one moment."""
        with self._lock:
            return {
                "total": sum(self._counts.values()),
                "by_operation": dict(self._counts),
                "by_status": dict(self._statuses),
                "by_fault": dict(self._faults),
                "in_flight": len(self._open),
                "most_in_flight": self._most_in_flight,
            }

    def clear(self) -> None:
        """Start counting anew; what is in flight stays counted."""
        with self._lock:
            self._entries.clear()
            self._counts.clear()
            self._statuses.clear()
            self._faults.clear()
            self._most_in_flight = len(self._open)
