"""Faults put into the product on purpose, one for each promise: the simulator must find them all.

Each changes one function for as long as its context lasts. What breaks by it, and how many seeds
it took, is in docs/simulation.md.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from sqlalchemy import exists, select

from app.drain import claiming, drain_lease, reading_back
from app.extensions import db
from app.jira import issues
from app.jira.errors import JiraUnavailable
from app.models import ActionItem, IssueLink, JiraConnection, JiraWork, prepared, writing
from app.services.fields.table import BY_ID
from app.services.grants import tokens
from app.services.inbound import changes, reconciliation
from app.services.outbound import (
    compare,
    connection_state,
    entries,
    fence,
    links,
    outcomes,
    plan,
    record,
    send,
)
from app.services.owed import pushes
from app.services.schedule import chores, tick
from app.services.work import owed as work_owed
from tests.simulation import (
    planted_choices,
    planted_last_time,
    planted_linking,
    planted_sprints,
    planted_statuses,
)
from tests.simulation.installation import built
from tests.simulation.planted_fault import Fault
from tests.simulation.planted_fault import enter as _enter
from tests.simulation.planted_fault import replaced as _replace
from tests.simulation.script import HOUR, PERIOD


def _stamp_nothing(lease: Any, creates: Any) -> bool:
    return True


def _probe_once(stack: ExitStack) -> None:
    changed = {"SYNC_PROBE_DELAYS": built().app.config["SYNC_PROBE_DELAYS"][:1]}
    _enter(stack, mock.patch.dict(built().app.config, changed))


def _may_always(lease: Any) -> bool:
    return True


def _lease_for_everybody(connection_id: int) -> Any:
    free = JiraWork.connection_id > 0
    with mock.patch.object(work_owed, "free", return_value=free):
        return _take(connection_id)


def _known_outcome(error: JiraUnavailable) -> bool:
    return False


def _by_order(client: Any, outcome: Any) -> dict[str, Any]:
    """Take the answer's order for ours, as one would without reading the property back."""
    ids = [each.id for each in outcome.created]
    found = client.bulk_fetch(ids, fields=tuple(BY_ID), properties=[plan.PROPERTY])
    ours = sorted(found, key=lambda issue: ids.index(issue.id))
    names = sorted(plan.link_of(issue.properties) or "" for issue in found)
    return dict(zip(names, ours, strict=True))


def _success_clears_due(*arguments: Any, **named: Any) -> Any:
    held, link, success, call = arguments
    fresh = type(success)(**{**vars(success), "change_number": link.change_number})
    return _succeeded(held, link, fresh, call)


def _absent_is_deleted(*_: Any) -> bool:
    return True


def _arm_clears_stamp(link: Any) -> None:
    link.stamped_at = None
    _arm(link)


def _look_at_nothing(*_: Any) -> list[Any]:
    return []


def _no_bells(now: Any) -> list[Any]:
    return []


def _linked_now() -> Any:
    """Forget what was unlinked."""
    return exists().where(IssueLink.action_item_id == ActionItem.id, IssueLink.active)


def _state_alone(known: Any, issue: Any) -> bool:
    return bool(known.complete and issue.status_category != changes.DONE)


def _no_waits(*arguments: Any) -> Any:
    decided = _retry(*arguments)
    return replace(decided, not_before=None) if decided.not_before else decided


def _each_minute(connection_id: int, finished: datetime) -> datetime:
    return finished + timedelta(minutes=1)


def _tell_nothing(*_: Any, **__: Any) -> None: ...


def _keep_everything(stack: ExitStack) -> None:
    kept = tuple(each for each in chores.CHORES if not each.name.startswith("old "))
    _enter(stack, mock.patch.object(chores, "CHORES", kept))


def _may_always_be_replaced(*_: Any) -> bool:
    return True


def _recover_nothing(lease: Any) -> None:
    """Take over what was claimed and forget that it may have left."""
    for link in db.session.scalars(
        select(IssueLink).where(
            IssueLink.connection_id == lease.connection_id,
            IssueLink.claim_id.is_not(None),
            IssueLink.claim_id != lease.id,
        )
    ):
        link.stamped_at = None
        link.give_back()
    db.session.flush()


def _no_new_pair(stack: ExitStack) -> None:
    """Two may refresh at once: the lease is taken over although somebody holds it."""
    _enter(stack, mock.patch.object(tokens._Held, "being_refreshed", False))
    free = JiraConnection.id > 0
    _enter(stack, mock.patch.object(tokens, "or_", return_value=free))


def _one_for_all(kind: Any, ids: Any, columns: Any) -> None:
    """Give each row what the first of them gets."""
    _update(kind, ids, {name: [each[0]] * len(each) for name, each in columns.items()})


_take = drain_lease.take
_update = writing._update
_succeeded = record.succeeded
_arm = pushes.arm
_retry = outcomes._retry

FAULTS = (
    Fault("no stamp", "a create is stamped before it leaves (design.md §3.1)",
          _replace(fence, "stamp", _stamp_nothing)),
    Fault("one for all", "of many rows each is written for itself (design.md §2.1)",
          _replace(writing, "_update", _one_for_all), "farewells"),
    Fault("one probe", "two probes must find nothing (design.md §3.4)", _probe_once,
          "lost creates"),
    Fault("outcome taken for known", "everything else is unknown (design.md §3.4)",
          lambda stack: _enter(stack, mock.patch.object(
              JiraUnavailable, "outcome_unknown", property(_known_outcome, lambda *_: None),
              create=True))),
    Fault("order of a bulk", "the property tells which issue is whose (design.md §2.1)",
          _replace(send, "_tied", _by_order)),
    Fault("lease for everybody", "one drain a connection (design.md §2.1)",
          _replace(drain_lease, "take", _lease_for_everybody)),
    Fault("no last look", "disconnect and plan are looked at before each request (design.md §2.1)",
          _replace(fence, "may_send", _may_always), "farewells"),
    Fault("success clears due", "edits during a push survive (design.md §2.1)",
          _replace(record, "succeeded", _success_clears_due), "haste"),
    Fault("arm clears the stamp", "only a known outcome clears the stamp (design.md §3.1)",
          _replace(links, "arm", _arm_clears_stamp), "lost creates"),
    Fault("absent is deleted", "deleted only where the project may be browsed (design.md §2.2)",
          _replace(reading_back, "_browsable", _absent_is_deleted), "locked doors"),
    Fault("no reconciliation", "a lost delivery is a delay (design.md §2.2)",
          _replace(reconciliation, "next_slice", _look_at_nothing), "deaf"),
    Fault("the ticker is deaf", "a lost bell is a delay (design.md §2.1)",
          _replace(tick, "_bells", _no_bells)),
    Fault("commit links again", "what was unlinked stays unlinked (design.md §2.1)",
          _replace(links, "ever_linked", _linked_now), "second thoughts"),
    Fault("state alone", "a change is acted on, never a state alone (design.md §2.2)",
          _replace(changes, "_reopens", _state_alone), "second thoughts"),
    Fault("no waits", "three retries: 10 s, 1 min, 5 min (design.md §4)",
          _replace(outcomes, "_retry", _no_waits)),
    Fault("the dead are forgotten", "a worker that died leaves an unknown outcome (design.md §3.4)",
          _replace(claiming, "recover", _recover_nothing), "lost creates"),
    Fault("looks each minute", "reconciliation reads hourly (design.md §2.2)",
          _replace(reconciliation, "next_at", _each_minute)),
    Fault("a read for each issue", "issues are read 100 a request (design.md §2.2)",
          _replace(issues, "ISSUES_PER_REQUEST", 1)),
    Fault("tries are not told", "the log has every try with its outcome (design.md §15)",
          _replace(entries.Pushes, "add_try", _tell_nothing)),
    Fault("nothing is pruned", "what is over is kept for so many days (design.md §15)",
          _keep_everything, hours=2 * PERIOD / HOUR),
    Fault("descriptions are replaced", "what was written in Jira stays (design.md §11.1)",
          _replace(compare, "_may_be_replaced", _may_always_be_replaced), "two pens"),
    Fault("outages do not end", "the first success arms what gave up (design.md §4)",
          _replace(connection_state, "rearm", _tell_nothing), "storm"),
    Fault("one bad text", "a bulk refused as a whole is no verdict (design.md §4)",
          _replace(send, "REFUSED_AS_A_WHOLE", frozenset()), "texts"),
    Fault("two refreshes", "one process at a time refreshes (design.md §5)", _no_new_pair),
    *planted_linking.FAULTS,
    *planted_choices.FAULTS,
    *planted_statuses.FAULTS,
    *planted_last_time.FAULTS,
    *planted_sprints.FAULTS,
)  # fmt: skip


@contextmanager
def planted(name: str) -> Iterator[Fault]:
    """The product with that fault; what it prepared without it is put together anew."""
    fault = next(each for each in FAULTS if each.name == name)
    with ExitStack() as stack:
        stack.callback(prepared.forget_all)
        fault.put(stack)
        prepared.forget_all()
        yield fault
