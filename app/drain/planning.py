"""Read what a plan needs and was not known when the links were claimed. Then plan."""

from collections.abc import Mapping, Sequence

from app.drain.claiming import Claimed, Screens
from app.drain.current import Current
from app.drain.failures import fail_unsent
from app.drain.owners import owners
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraUnauthorized
from app.services.fields.values import FieldValue, sendable, values_of
from app.services.mapping import screens
from app.services.outbound.claims import Claim
from app.services.outbound.plan import Plan, plan
from app.services.work import leases

# By link id: what each issue is to hold.
Values = Mapping[int, Sequence[FieldValue]]


def values(claims: Sequence[Claim]) -> Values:
    """Render what each claim's issue is to hold. Long texts take their time: no row is held."""
    return {
        claim.link_id: values_of(claim.desired.sources, claim.desired.backlink)
        for claim in claims
        if not claim.stamp
    }


def plans(current: Current, client: JiraClient, claimed: Claimed, values: Values) -> list[Plan]:
    """A plan for each claim whose create, if there was one, is settled.

    Claims that could not be prepared are recorded as failed. Raises JiraUnauthorized.
    """
    open_claims = [claim for claim in claimed.claims if not claim.stamp]
    known = _screens(current, client, open_claims, claimed.screens)
    ready = [(claim, known[claim.target]) for claim in open_claims if claim.target in known]
    owner_of = owners(current, client, ready, claimed)
    return [
        plan(claim, values[claim.link_id], screen, owner_of[claim.link_id])
        for claim, screen in ready
        if claim.link_id in owner_of
    ]


def _screens(
    current: Current, client: JiraClient, claims: Sequence[Claim], known: Screens
) -> Screens:
    """The known screens and those that Jira had to be asked for."""
    found = dict(known)
    for target in {claim.target for claim in claims if claim.target} - found.keys():
        try:
            read = client.fields(target.project_id, target.issue_type_id)
        except JiraUnauthorized:
            raise
        except JiraError as error:
            concerned = [claim for claim in claims if claim.target == target]
            fail_unsent(current, client, concerned, error)
            continue
        if leases.hold_grant(current.lease):
            screens.store(current.lease.connection_id, target, read)
        db.session.commit()
        found[target] = sendable({field.id for field in read})
    return found
