"""Makes a connection's webhook in Jira what is desired. Running it twice, or at once, is safe."""

from dataclasses import replace

from app.extensions import db
from app.jira.errors import JiraError
from app.queue import KEEP_WEBHOOK, silence
from app.services.webhooks import record, upkeep_lease
from app.services.webhooks.calls import Jira
from app.services.webhooks.plan import Delete, Keep, Refresh, Register, Step, steps_of
from app.services.webhooks.record import View
from app.services.webhooks.upkeep_lease import LeaseLost
from app.services.work.leases import Lease
from app.stopping import stop_requested
from jobs.context import in_app


@in_app
def run(connection_id: int) -> None:
    """Look once at what Jira lists, and take the steps from there to what is desired."""
    silence(connection_id, KEEP_WEBHOOK)
    lease = upkeep_lease.take(connection_id)
    db.session.commit()
    if lease is None:
        return
    try:
        _keep(lease)
    except LeaseLost:
        db.session.rollback()
    upkeep_lease.release(lease)
    db.session.commit()


def _keep(lease: Lease) -> None:
    seen = record.view(lease)
    db.session.commit()  # no transaction stays open while Jira answers
    try:
        if _work_off(lease, seen):
            record.finished(lease, seen)
    except JiraError as error:
        db.session.rollback()
        try:
            record.failed(lease, seen, error)
        finally:
            db.session.commit()  # also the verdict on a grant, which ends the lease
    db.session.commit()


def _work_off(lease: Lease, seen: View) -> bool:
    """Take the steps, each written down before the next; False if a stop is asked for."""
    jira = Jira(lease)
    try:
        listed = jira.listed()
        for step in steps_of(replace(seen.webhooks, listed=listed)):
            if stop_requested():
                return False
            upkeep_lease.hold_for_a_step(lease)
            db.session.commit()
            _take(jira, lease, step)
            db.session.commit()
    finally:
        jira.close()
    return True


def _take(jira: Jira, lease: Lease, step: Step) -> None:
    match step:
        case Register():
            _register(jira, lease, step)
        case Keep():
            record.kept(lease, step)
        case Refresh():
            record.refreshed(lease, step, jira.refresh(step))
        case Delete():
            jira.delete(step)
            record.deleted(lease, step)


def _register(jira: Jira, lease: Lease, step: Register) -> None:
    webhook_id = jira.register(step)
    try:
        record.registered(lease, step.desired, webhook_id)
    except LeaseLost:
        db.session.rollback()
        jira.take_back(webhook_id)
        raise
