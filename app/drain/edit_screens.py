"""Which fields may be set in issues that exist: those of where each issue is, not of its team."""

import logging
from collections.abc import Mapping, Sequence

from app.drain.current import Current
from app.drain.failures import fail_unsent
from app.drain.looking import EVERY_FIELD, Looks, name_of
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraUnauthorized, JiraUnavailable
from app.jira.types import Issue
from app.services.fields.values import FieldValue, sendable
from app.services.mapping import screens
from app.services.mapping.mappings import Place
from app.services.outbound import snapshots
from app.services.outbound.claims import Claim
from app.services.outbound.compare import any_changed_here
from app.services.outbound.plan import Screen
from app.services.work import leases

log = logging.getLogger(__name__)

Values = Mapping[int, Sequence[FieldValue]]


def edit_screens(
    current: Current,
    client: JiraClient,
    updates: Sequence[Claim],
    values: Values,
    looks: Looks,
    known: Mapping[Place, frozenset[str]],
) -> dict[int, Screen]:
    """By link id. A place is asked of one of its issues, and once: `known` are those of before.

    It is asked again where it lacks what a person wants to see there now. An issue in which nobody
    changed anything here has every field, and so has one of a place of which Jira did not tell: it
    says so of what is sent. A refusal is recorded. Raises JiraUnauthorized.
    """
    found: dict[int, Screen] = {}
    fresh: dict[Place, frozenset[str]] = {}
    for claim in updates:
        place = _place(claim, looks.issues.get(claim.link_id))
        if place is None or not any_changed_here(claim, values[claim.link_id]):
            found[claim.link_id] = Screen(EVERY_FIELD, place=place)
            continue
        fields = fresh.get(place)
        if fields is None and not _lacks(claim, values[claim.link_id], known.get(place)):
            fields = known[place]
        if fields is None:
            try:
                fields = fresh[place] = _read(current, client, claim, place)
            except JiraUnauthorized:
                raise
            except JiraUnavailable as error:
                log.warning("screen not read", extra=current.ids(error=str(error)))
                fields = EVERY_FIELD
            except JiraError as error:
                fail_unsent(current, client, [claim], error)
                continue
        found[claim.link_id] = _screen(fields, place)
    return found


def _place(claim: Claim, issue: Issue | None) -> Place | None:
    if issue is not None and issue.project_id and issue.issue_type_id:
        return Place(issue.project_id, issue.issue_type_id)
    return claim.place


def _lacks(claim: Claim, values: Sequence[FieldValue], fields: frozenset[str] | None) -> bool:
    """Whether the fields are not known, or lack one that nobody has noted to be lacking there."""
    if fields is None:
        return True
    screen = _screen(fields, None)
    return any(
        value.field.id not in screen.sendable
        and snapshots.changed_here(value, claim.snapshot)
        and (value.field.id not in claim.notes or claim.notes[value.field.id].screen != screen.name)
        for value in values
    )


def _screen(fields: frozenset[str], place: Place | None) -> Screen:
    return Screen(fields, name_of(fields), place=place)


def _read(current: Current, client: JiraClient, claim: Claim, place: Place) -> frozenset[str]:
    """An empty one is that of an account which may not edit: Jira says so of what is sent."""
    read = client.editable_fields(claim.issue_id or "")
    if read and leases.hold_grant(current.lease):
        screens.store_to_edit(current.lease.connection_id, place, read)
    db.session.commit()
    return sendable({field.id for field in read}) if read else EVERY_FIELD
