"""What the Sync Log has to tell: each request that wrote to Jira, and what became of it."""

from tests.simulation.auditor.memory import NEVER, Memory, Rows
from tests.simulation.network import Exchange

TRACE = "Atl-Traceid"
ATTEMPTS = (
    "SELECT l.public_id AS link, a.status, a.trace_id FROM sync_attempt a"
    " JOIN sync_entry e ON e.id = a.entry_id JOIN issue_link l ON l.id = e.issue_link_id"
)
# An item in sync error says why, and has its line with Retry (design.md §4).
MUTE = (
    "SELECT a.id AS item FROM issue_link l JOIN action_item a ON a.id = l.action_item_id"
    " WHERE l.active AND l.state = 'error' AND a.deleted_at IS NULL AND a.dropped_at IS NULL"
    " AND (l.failure_code IS NULL OR NOT EXISTS (SELECT 1 FROM sync_entry e"
    " WHERE e.issue_link_id = l.id AND e.state = 'error'))"
)


class SyncLog:
    """Holds the log against what was heard."""

    memory: Memory
    rows: Rows
    answers: list[tuple[str, Exchange]]

    def log_tells_all(self) -> None:
        """Every answer that somebody lived to hear has its try, with status and trace."""
        told = {(row["link"], row["status"], row["trace_id"]) for row in self.rows(ATTEMPTS)}
        for link, exchange in self.answers:
            if not _was_heard_out(exchange):
                continue
            assert exchange.answer is not None
            if (link, exchange.heard, exchange.answer.headers.get(TRACE)) not in told:
                what = f"no try of {link} tells of {exchange.operation}: {exchange.heard}"
                self.memory.find("log-tells", f"{what}, at {exchange.left_at:.0f}")
        self.answers.clear()
        for row in self.rows(MUTE):
            what = f"item {row['item']} is in error without a word"
            self.memory.find("log-tells", what, row["item"])


def _was_heard_out(exchange: Exchange) -> bool:
    """Whether the answer came whole to a process that neither died nor was ever frozen, and that
    could write it down."""
    process = exchange.process
    lived = not (process.dead or process.refused) and process.asleep_until == NEVER
    whole = exchange.answer is not None and exchange.answer.status == exchange.heard
    return lived and whole and not exchange.garbled
