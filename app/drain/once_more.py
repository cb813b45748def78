"""After a refusal: whether the same goes out at once with less, or one by one (design.md §4)."""

import logging
from collections.abc import Sequence

from app.drain import refused_places
from app.drain.current import Current
from app.drain.failures import operation_of
from app.drain.looking import name_of
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraUnauthorized
from app.jira.types import Field
from app.services.fields.values import sendable
from app.services.mapping import screens
from app.services.mapping.mappings import Target
from app.services.outbound import record
from app.services.outbound.lesser import asks_for_the_screen, lesser
from app.services.outbound.plan import Plan
from app.services.outbound.recording import recording
from app.services.outbound.send import Sent
from app.services.work import leases

log = logging.getLogger(__name__)

Refused = tuple[list[Plan], list[Sent]]
# Of each project and type the create screen, as read since all of this was refused.
Screens = dict[Target, list[Field]]


def once_more(current: Current, client: JiraClient, refused: Sequence[Sent]) -> Refused:
    """What goes out once more in this drain, costing no try, and what stays refused.

    Nothing is in flight meanwhile. Sets `current.unauthorized`.
    """
    again: dict[int, Plan] = {}
    ordered = sorted(refused, key=lambda each: each.plan.claim.link_id)
    read: Screens = {}
    for sent in ordered:
        plan = sent.plan if sent.whole else _lesser(current, client, sent, read)
        if plan is not None:
            again[plan.claim.link_id] = plan
    noted = _note(current, [each for each in ordered if each.plan.claim.link_id in again])
    return (
        [plan for link_id, plan in again.items() if link_id in noted],
        [sent for sent in ordered if sent.plan.claim.link_id not in noted],
    )


def _lesser(current: Current, client: JiraClient, sent: Sent, read: Screens) -> Plan | None:
    assert sent.error is not None
    plan, error = sent.plan, sent.error
    if error.status != 400 or current.unauthorized is not None:
        return None
    may = refused_places.seen(current, client, plan.claim).permissions
    if may is not None and not may.get("CREATE_ISSUES" if plan.creates else "EDIT_ISSUES", True):
        return None
    screen: list[Field] = []
    if asks_for_the_screen(plan, error):
        try:
            screen = _screen(current, client, plan, read)
        except JiraUnauthorized as lost:
            current.unauthorized = lost
            return None
        except JiraError as trouble:
            log.warning("screen not read again", extra=current.ids(error=str(trouble)))
            return None
    name = name_of(sendable({field.id for field in screen})) if screen else ""
    demanded = {field.id: screens.demands(field) for field in screen}
    return lesser(plan, error, demanded, name)


def _screen(current: Current, client: JiraClient, plan: Plan, read: Screens) -> list[Field]:
    """The screen as it is now. That of creates is the same for all that was refused before."""
    target = plan.claim.target if plan.creates else None
    if target in read:
        return read[target]
    screen = _read(current, client, plan)
    if target is not None:
        read[target] = screen
    return screen


def _read(current: Current, client: JiraClient, plan: Plan) -> list[Field]:
    """Ask for the screen; it is remembered as such."""
    db.session.commit()
    claim, connection_id = plan.claim, current.lease.connection_id
    if plan.creates:
        assert claim.target is not None
        read = client.fields(claim.target.project_id, claim.target.issue_type_id)
        if leases.hold_grant(current.lease):
            screens.store(connection_id, claim.target, read)
    else:
        read = client.editable_fields(claim.issue_id or "")
        place = plan.findings.place or claim.place
        if read and place and leases.hold_grant(current.lease):
            screens.store_to_edit(connection_id, place, read)
    db.session.commit()
    return read


def _note(current: Current, refused: Sequence[Sent]) -> set[int]:
    """Log each refused request as a try of its own that counts as none. The links' ids, but for
    those of which the answer came too late."""
    if not refused:
        return set()
    with recording(current.lease, {each.plan.claim.link_id for each in refused}) as held:
        for sent in refused:
            claim = sent.plan.claim
            link = held.links.get(claim.link_id)
            if link is not None and sent.error is not None:
                record.goes_on(held, link, operation_of(claim), sent.error, sent.call)
    db.session.commit()
    return set(held.links)
