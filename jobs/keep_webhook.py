"""Makes the webhook in Jira what the connection wishes. Running it twice, or at once, is safe."""

from dataclasses import replace

from app.extensions import db
from app.jira.errors import JiraError
from app.queue import KEEP_WEBHOOK, silence
from app.services.webhooks import leases, recording
from app.services.webhooks.asking import Jira
from app.services.webhooks.deciding import Delete, Keep, Refresh, Register, Step, decide
from app.services.webhooks.leases import LeaseLost, WebhookLease
from app.services.webhooks.recording import View
from jobs.context import in_app, stop_requested


@in_app
def run(connection_id: int) -> None:
    """Look once at what Jira lists, and take the steps from there to what is wished."""
    silence(connection_id, KEEP_WEBHOOK)
    lease = leases.take(connection_id)
    db.session.commit()
    if lease is None:
        return
    try:
        _keep(lease)
    except LeaseLost:
        db.session.rollback()
    leases.release(lease)
    db.session.commit()


def _keep(lease: WebhookLease) -> None:
    seen = recording.view(lease)
    db.session.commit()  # no transaction stays open while Jira answers
    try:
        if _work_off(lease, seen):
            recording.finished(lease, seen)
    except JiraError as error:
        db.session.rollback()
        try:
            recording.failed(lease, seen, error)
        finally:
            db.session.commit()  # also the verdict on a grant, which ends the lease
    db.session.commit()


def _work_off(lease: WebhookLease, seen: View) -> bool:
    """Take the steps, each written down before the next; False if a stop is asked for."""
    jira = Jira(lease)
    try:
        listed = jira.listed()
        for step in decide(replace(seen.sight, listed=listed)):
            if stop_requested():
                return False
            leases.hold(lease)
            db.session.commit()
            _take(jira, lease, step)
            db.session.commit()
    finally:
        jira.close()
    return True


def _take(jira: Jira, lease: WebhookLease, step: Step) -> None:
    match step:
        case Register():
            _register(jira, lease, step)
        case Keep():
            recording.kept(lease, step)
        case Refresh():
            recording.refreshed(lease, step, jira.refresh(step))
        case Delete():
            jira.delete(step)
            recording.deleted(lease, step)


def _register(jira: Jira, lease: WebhookLease, step: Register) -> None:
    webhook_id = jira.register(step)
    try:
        recording.registered(lease, step.wish, webhook_id)
    except LeaseLost:
        db.session.rollback()
        jira.take_back(webhook_id)
        raise
