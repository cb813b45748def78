"""Read what a plan needs and was not known when the links were claimed. Then plan."""

from collections.abc import Mapping, Sequence

from app.drain import field_values, looking
from app.drain.claiming import Claimed
from app.drain.current import Current
from app.drain.edit_screens import edit_screens
from app.drain.failures import fail_unsent
from app.drain.owners import matched, owners
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraUnauthorized
from app.services.fields.values import FieldValue, sendable, values_of
from app.services.mapping import screens
from app.services.outbound.batches import Upcoming
from app.services.outbound.claims import Claim
from app.services.outbound.plan import Plan, Screen, plan
from app.services.work import leases

# By link id: what each issue is to hold.
Values = Mapping[int, Sequence[FieldValue]]


def values(claims: Sequence[Claim]) -> Values:
    """Render what each issue that there is has to hold. Long texts take their time: no row is held.

    Of an issue that is to be created it is rendered once its turn comes (`Upcoming`).
    """
    return {
        claim.link_id: values_of(claim.desired.sources, claim.desired.backlink)
        for claim in claims
        if claim.issue_id is not None
    }


def plans(
    current: Current, client: JiraClient, claimed: Claimed, values: Values
) -> list[Plan | Upcoming]:
    """A plan for each claim whose create, if there was one, is settled.

    Claims that could not be prepared are recorded as failed. Raises JiraUnauthorized.
    """
    open_claims = [claim for claim in claimed.claims if not claim.stamp]
    creates = [claim for claim in open_claims if claim.issue_id is None]
    updates = [claim for claim in open_claims if claim.issue_id is not None]
    screen_of = _create_screens(current, client, creates, claimed)
    creates = [claim for claim in creates if claim.link_id in screen_of]
    matches = matched(current, client, [*creates, *updates], screen_of, claimed)
    screen_of |= field_values.with_values(current, client, creates, screen_of, matches, claimed)
    looks = looking.look(current, client, updates, values, matches)
    updates = [claim for claim in updates if claim.link_id not in looks.failed]
    screen_of |= edit_screens(current, client, updates, values, looks, claimed.edit_screens)
    updates = [claim for claim in updates if claim.link_id in screen_of]
    owner_of = owners([*creates, *updates], matches, claimed.substitute, looks)
    planned = [
        plan(
            claim,
            values[claim.link_id],
            screen_of[claim.link_id],
            owner_of[claim.link_id],
            looks.issues.get(claim.link_id),
        )
        for claim in updates
    ]
    planned = [each.withheld_by(looks.trouble) for each in planned]
    upcoming = [
        Upcoming(claim, screen_of[claim.link_id], owner_of[claim.link_id]) for claim in creates
    ]
    return [*upcoming, *looking.with_authors(current, client, planned)]


def _create_screens(
    current: Current, client: JiraClient, creates: Sequence[Claim], claimed: Claimed
) -> dict[int, Screen]:
    """By link id; a claim whose screen Jira would not show is recorded as failed."""
    found, fingerprints = dict(claimed.screens), dict(claimed.fingerprints)
    for target in {claim.target for claim in creates if claim.target} - found.keys():
        try:
            read = client.fields(target.project_id, target.issue_type_id)
        except JiraUnauthorized:
            raise
        except JiraError as error:
            concerned = [claim for claim in creates if claim.target == target]
            fail_unsent(current, client, concerned, error)
            continue
        if leases.hold_grant(current.lease):
            screens.store(current.lease.connection_id, target, read)
        db.session.commit()
        found[target] = sendable({field.id for field in read})
        fingerprints[target] = screens.fingerprints_of(read)
    return {
        claim.link_id: Screen(
            found[claim.target],
            looking.name_of(found[claim.target]),
            claimed.denied.get(claim.target, frozenset()) if claim.target else frozenset(),
            fingerprints=fingerprints.get(claim.target, {}) if claim.target else {},
        )
        for claim in creates
        if claim.target in found
    }
