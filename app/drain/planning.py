"""Read what a plan needs and is not known yet: create screens and owners. Then plan."""

from collections.abc import Sequence

from app.drain.current import Current
from app.drain.failures import fail_unsent
from app.drain.owners import owners
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraUnauthorized
from app.services.mapping.mappings import Target
from app.services.metadata import screens
from app.services.outbound import plan
from app.services.outbound.assignee import Owner
from app.services.outbound.claims import Claim
from app.services.outbound.plan import Plan
from app.services.work import leases

Screens = dict[Target, frozenset[str]]


def plans(current: Current, client: JiraClient, claimed: Sequence[Claim]) -> list[Plan]:
    """A plan for each claim that could be prepared; the others are recorded as failed.

    Raises JiraUnauthorized.
    """
    fields = _screens(current, client, claimed)
    ready = [
        (claim, fields[claim.target] if claim.target else frozenset[str]())
        for claim in claimed
        if claim.target is None or claim.target in fields
    ]
    known = owners(current, client, ready)
    return [
        _plan(claim, screen, known[claim.link_id])
        for claim, screen in ready
        if claim.link_id in known
    ]


def _plan(claim: Claim, screen: frozenset[str], owner: Owner) -> Plan:
    return plan.plan(claim, screen, owner.match, substitute=owner.substitute, seen=owner.seen)


def _screens(current: Current, client: JiraClient, claimed: Sequence[Claim]) -> Screens:
    targets = {claim.target for claim in claimed if claim.target}
    fields = screens.known(current.lease.connection_id, targets)
    db.session.commit()
    for target in targets - set(fields):
        try:
            read = client.fields(target.project_id, target.issue_type_id)
        except JiraUnauthorized:
            raise
        except JiraError as error:
            concerned = [claim for claim in claimed if claim.target == target]
            fail_unsent(current, client, concerned, error)
            continue
        if leases.hold_grant(current.lease):
            screens.store(current.lease.connection_id, target, read)
        db.session.commit()
        fields[target] = frozenset(field.id for field in read)
    return fields
