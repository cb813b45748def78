"""Send plans, at most 8 requests in flight, and record each answer as it comes."""

import logging
from collections import deque
from collections.abc import Collection, Sequence
from concurrent.futures import Future
from dataclasses import replace

from app import clock, side_by_side
from app.clock import utcnow
from app.drain import spending
from app.drain.current import Current
from app.drain.failures import (
    Failure,
    fail_refused,
    fail_unsent,
    of_sent,
    record_failure,
    tell_mappings,
    withheld,
)
from app.drain.looking import see_created
from app.drain.once_more import once_more
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraRefused, JiraUnauthorized
from app.models import Operation
from app.services.back_offs import IN_FLIGHT
from app.services.mapping import evidence
from app.services.outbound import batches as requests
from app.services.outbound import fence, record, send
from app.services.outbound.batches import Upcoming
from app.services.outbound.claims import Claim
from app.services.outbound.plan import Plan
from app.services.outbound.recording import Recording, recording
from app.services.outbound.seen_statuses import latest
from app.services.outbound.send import Sent, Untied
from app.services.outbound.snapshots import with_seen
from app.services.work import leases
from app.stopping import stop_requested

# What is still in flight this long after TERM has an unknown outcome.
STOP_SECONDS = 8.0
LOOK_SECONDS = 0.5

log = logging.getLogger(__name__)


def push(current: Current, client: JiraClient, plans: Sequence[Plan | Upcoming]) -> None:
    """Send what differs. Sets `current.unauthorized` when Atlassian turned the token down."""
    idle = [each for each in plans if isinstance(each, Plan) and each.nothing]
    _settle(current, client, idle)
    batches = requests.batches(
        [each for each in plans if isinstance(each, Upcoming) or not each.nothing]
    )
    created: list[Sent] = []
    in_order = True
    while batches:
        window = _Window(current, client, batches, in_order)
        window.run()
        created += window.created
        # Jira is asked about permissions only now, when nothing is in flight any more.
        again, final = once_more(current, client, window.refused)
        fail_refused(current, client, final)
        _settle(current, client, [plan for plan in again if plan.nothing])
        batches = [[plan] for plan in again if not plan.nothing]
        if batches:
            # Slow answers, and what is asked after them, leave too little of it to send anything.
            leases.renew(current.lease)
            db.session.commit()
        in_order = False  # their neighbours are there already
    _note_created(current, created)
    see_created(current, client, [each for each in created if not each.seen])


def _settle(current: Current, client: JiraClient, idle: Sequence[Plan]) -> None:
    """Record the plans that send nothing."""
    withheld_by: dict[JiraError, list[Claim]] = {}
    for plan in idle:
        if plan.findings.trouble is not None:
            withheld_by.setdefault(plan.findings.trouble, []).append(plan.claim)
    for trouble, concerned in withheld_by.items():
        fail_unsent(current, client, concerned, trouble)
    settled = {each.claim.link_id: each for each in idle if each.findings.trouble is None}
    if settled:
        with recording(current.lease, settled) as held:
            for link in held.links.values():
                record.nothing_to_send(held, link, settled[link.id])
    db.session.commit()


class _Window:
    """At most 8 requests at once; the next leaves when one is answered.

    in_order: in a project one request after the other creates, because Jira numbers issues as they
    come.
    """

    def __init__(
        self,
        current: Current,
        client: JiraClient,
        batches: Sequence[list[Plan | Upcoming]],
        in_order: bool,
    ) -> None:
        self.current = current
        self.client = client
        self.in_order = in_order
        self.waiting = deque(batches)
        self.in_flight: dict[Future[list[Sent] | Untied], str] = {}  # and where it creates
        self.refused: list[Sent] = []
        self.created: list[Sent] = []
        self.pool = side_by_side.executor(IN_FLIGHT)
        self.stopped_at: float | None = None

    def run(self) -> None:
        """Send everything that may leave. What Jira refused is not recorded yet."""
        self._fill()
        while self.in_flight and not self._out_of_time():
            self._plan_ahead()
            done, _ = side_by_side.wait_for_one(set(self.in_flight), LOOK_SECONDS)
            results = self._landed(done)
            if all(each.error is None for each in results):
                self._fill()  # the next is on its way while these are written
            self._record(results)
            self._fill()
        self.pool.shutdown(wait=False, cancel_futures=True)

    def _landed(self, done: Collection[Future[list[Sent] | Untied]]) -> list[Sent]:
        """What is known now. Of a bulk that is only when it was read whose each issue is, but the
        next that creates in its project need not wait for that."""
        results: list[Sent] = []
        for future in [each for each in self.in_flight if each in done]:
            del self.in_flight[future]
            answer = future.result()
            if isinstance(answer, Untied):
                self.in_flight[self.pool.submit(send.tie, self.client, answer)] = ""
            else:
                results += answer
        return results

    def _plan_ahead(self) -> None:
        """Plan the next creates that are not planned yet, while others are in flight."""
        upcoming = (batch for batch in self.waiting if isinstance(batch[0], Upcoming))
        if batch := next(upcoming, None):
            _planned(batch)

    def _fill(self) -> None:
        while len(self.in_flight) < IN_FLIGHT and (batch := self._next()):
            plans = _planned(batch)
            # From before the look: whoever is frozen after it must not send when awake again.
            leave_by = utcnow() + fence.margin(self.current.lease)
            part = spending.affordable(self.current, plans)
            if not part or not self._cleared(part):
                self.waiting.clear()
                return
            self.waiting.remove(batch)
            if rest := batch[len(part) :]:
                self.waiting.appendleft(rest)
            future = self.pool.submit(send.send, self.client, part, leave_by)
            self.in_flight[future] = part[0].creates_in

    def _next(self) -> list[Plan | Upcoming] | None:
        """The first that may leave beside what is in flight."""
        creating = {project for project in self.in_flight.values() if project and self.in_order}
        free = (batch for batch in self.waiting if batch[0].creates_in not in creating)
        return next(free, None)

    def _cleared(self, batch: Sequence[Plan]) -> bool:
        """The last look before a request leaves; stamps it when it creates (design.md §2, §3)."""
        if stop_requested() or self.current.unauthorized is not None:
            return False
        lease = self.current.lease
        creates = [plan for plan in batch if plan.creates]
        updates = [plan for plan in batch if not plan.creates]
        cleared = (
            fence.may_send(lease)
            and fence.stamp(lease, creates)
            and fence.note_tried(lease, updates)
        )
        if cleared and spending.take(self.current, batch):
            db.session.commit()
            return True
        db.session.rollback()
        if cleared:
            spending.wait(self.current, batch)
        return False

    def _record(self, results: Sequence[Sent]) -> None:
        """Write what became of them in one transaction, but for what Jira refused."""
        refused = [each for each in results if isinstance(each.error, JiraRefused) or each.whole]
        done = [each for each in results if each.error is None]
        failed = [each for each in results if each.error is not None and each not in refused]
        self.refused += refused
        record_answers(self.current, done, [of_sent(self.current, each) for each in failed])
        self.created += [each for each in done if each.plan.creates]
        for each in failed:
            if isinstance(each.error, JiraUnauthorized):
                self.current.unauthorized = each.error

    def _out_of_time(self) -> bool:
        if not stop_requested():
            return False
        self.stopped_at = self.stopped_at or clock.monotonic()
        return clock.monotonic() - self.stopped_at > STOP_SECONDS


def _planned(batch: list[Plan | Upcoming]) -> list[Plan]:
    """The plans of a batch, which are made once."""
    plans = [each.plan() if isinstance(each, Upcoming) else each for each in batch]
    batch[:] = plans
    return plans


def record_answers(current: Current, done: Sequence[Sent], failures: Sequence[Failure]) -> None:
    """Write what became of requests, all together. Commits."""
    plans = {sent.plan.claim.link_id: sent for sent in done}
    ids = plans.keys() | {each.claim.link_id for each in failures}
    if not ids:
        return
    with recording(current.lease, ids) as held:
        for _, sent in sorted(plans.items()):
            _succeeded(current, held, sent)
        written = [each for each in failures if record_failure(current, held, each)]
    tell_mappings(current, written)
    db.session.commit()


def _succeeded(current: Current, held: Recording, sent: Sent) -> None:
    plan = sent.plan
    link = held.links.get(plan.claim.link_id)
    if link is None:
        log.warning("too late to record", extra=current.ids(link=plan.claim.link_id))
        return
    success = record.Success(
        operation=Operation.CREATE if plan.creates else Operation.UPDATE,
        snapshot=with_seen(plan.snapshot, sent.seen),
        assignee_note=plan.assignee_note,
        change_number=plan.claim.change_number,
        issue=sent.issue,
        fields=plan.field_names,
        findings=replace(plan.findings, issue=latest([sent.issue_read, plan.findings.issue])),
        claimed=plan.claim,
        withheld=withheld(plan),
    )
    record.succeeded(held, link, success, sent.call)


def _note_created(current: Current, created: Sequence[Sent]) -> None:
    """Issues that were created tell of their mapping: of all that a push sent at once."""
    targets = {sent.plan.claim.target for sent in created if sent.plan.claim.target}
    left = [sent.call.started_at for sent in created if sent.call]
    if targets and left:
        evidence.created(current.lease, targets, min(left))
        db.session.commit()
