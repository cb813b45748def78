"""Read what a plan needs and is not known yet: create screens and owners. Then plan."""

from collections.abc import Sequence

from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraUnauthorized
from app.services.sync import leases, planning, screens
from app.services.sync.assigning import Owner
from app.services.sync.claims import Claim, Target
from app.services.sync.planning import Plan
from jobs.drain.current import Current
from jobs.drain.failing import fail_unsent
from jobs.drain.owners import owners

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
    return planning.plan(claim, screen, owner.match, substitute=owner.substitute, sight=owner.sight)


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
