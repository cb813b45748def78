"""Claim due links: gather what decides about them, in one transaction, and let go of the rows.

The lease's row is locked all the while, so that nobody picks an account in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, FailureCode, IssueLink, Organization, Team
from app.models.difference import differences_of
from app.models.field_note import notes_of
from app.models.writing import write
from app.services.field_values.field_kind import Sprint
from app.services.field_values.leaving_values import ChosenValue, names_role, sprint_field
from app.services.field_values.parsing import FACILITATOR
from app.services.fields.sources import backlink_of, sources_of
from app.services.fields.values import sendable
from app.services.mapping import active_sprints, item_facts, mappings, screens, sent_values
from app.services.mapping.mappings import Place, Target
from app.services.mapping.sent_values import SentWith
from app.services.outbound import claims
from app.services.outbound.claims import Claim, Desired, Stamp
from app.services.people import matches
from app.services.people.matches import Match
from app.services.work import due_links, leases
from app.services.work.leases import Lease

UNMAPPED_WAIT = timedelta(hours=1)

# The synced fields that can be sent to a target. An issue whose team has none has a screen that
# nobody knows.
Screens = Mapping[Target | None, frozenset[str]]


@dataclass(frozen=True)
class Claimed:
    """The claims of a round, and what was known when they were claimed.

    screens: a target is absent whose create screen was never read.
    denied: by target, the synced fields that the account may not set there, where it lacks any.
    edit_screens: the synced fields that may be set in issues of a place; absent where none told.
    fingerprints: of the fields of each target's create screen, by id, as far as it was read.
    sprints: the active sprints by project id, as last read; absent where that was too long ago.
    matches: by user id, of owners and facilitators; absent is who was not looked up lately.
    substitute: the account that gets the issues of owners who are not matched; None: nobody.
    """

    claims: Sequence[Claim] = ()
    screens: Screens = field(default_factory=dict)
    denied: Mapping[Target, frozenset[str]] = field(default_factory=dict)
    edit_screens: Mapping[Place, frozenset[str]] = field(default_factory=dict)
    fingerprints: Mapping[Target, Mapping[str, str]] = field(default_factory=dict)
    sprints: Mapping[str, Sequence[Sprint]] = field(default_factory=dict)
    matches: Mapping[int, Match] = field(default_factory=dict)
    substitute: str | None = None


def claim(lease: Lease) -> Claimed:
    """Claim the connection's due links that come first; none without the right to push them.

    Links whose team has no project are put off until the settings change. The caller commits.
    """
    links = due_links.of_next_round(lease) if leases.renew(lease) else []
    if not links:
        return Claimed()
    due_links.hold(links)
    organization = db.session.get_one(Organization, lease.organization_id)
    targets = _targets(organization, links)
    ready = [link for link in links if link.created or link.stamped or link.id in targets]
    claimed = _gathered(organization, ready, targets) if ready else Claimed()
    _write(lease, links, ready)
    return claimed


def _write(lease: Lease, links: Sequence[IssueLink], ready: Sequence[IssueLink]) -> None:
    """Of each only what changes: the rest of a row may have been changed since it was read."""
    taken = {link.id for link in ready}
    unmapped = [link for link in links if link.id not in taken]
    for link in ready:
        link.claim(lease.id)
    for link in unmapped:
        link.put_off(utcnow() + UNMAPPED_WAIT, FailureCode.NOT_MAPPED)
    write([link for link in ready if link.stamped])
    write([link for link in ready if not link.stamped])
    write(unmapped)


def recover(lease: Lease) -> None:
    """Take over what earlier drains left claimed: a stamped create of theirs is unknown."""
    if left := due_links.claimed_by_others(lease):
        claims.give_back(left)


def give_back(lease: Lease) -> None:
    """Give back whatever this drain still holds; what is stamped and unsettled is unknown."""
    if held := due_links.claimed_by(lease):
        claims.give_back(held)


def _targets(organization: Organization, links: Sequence[IssueLink]) -> dict[int, Target]:
    """Where each link's action item goes, by link id; one of a team without a project is absent."""
    teams = {link.id: _team_of(link) for link in links}
    of_team = mappings.targets_for(organization, list(set(teams.values())))
    return {link_id: of_team[team.id] for link_id, team in teams.items() if team.id in of_team}


def _gathered(
    organization: Organization, links: Sequence[IssueLink], targets: Mapping[int, Target]
) -> Claimed:
    """What is known of where they go and of whose they are, and each as a value."""
    connection_id = links[0].connection_id
    sent = sent_values.sent_with(organization, list({_team_of(link) for link in links}))
    wanted = {targets[link.id] for link in links if link.id in targets}
    read = screens.fingerprints(connection_id, wanted)
    denied = mappings.denied_to(organization)
    edited = screens.known_to_edit(connection_id) if any(each.created for each in links) else {}
    sprints = active_sprints.known(connection_id, _sprint_projects(links, sent, targets))
    people = {link.action_item.assignee_id for link in links} | _facilitators(links, sent)
    return Claimed(
        matches=matches.known(connection_id, people),
        substitute=matches.substitute_of(organization),
        screens={None: sendable(()), **{target: sendable(read[target]) for target in read}},
        denied=denied,
        edit_screens={place: sendable(edited[place]) for place in edited},
        fingerprints=read,
        sprints=sprints,
        claims=[_claim(link, targets.get(link.id), sent.get(_team_of(link).id)) for link in links],
    )


def _team_of(link: IssueLink) -> Team:
    return link.action_item.retrospective.team


def _values_of(link: IssueLink, sent: Mapping[int, SentWith]) -> Sequence[ChosenValue]:
    with_it = sent.get(_team_of(link).id)
    return with_it.values if with_it else ()


def _facilitators(links: Sequence[IssueLink], sent: Mapping[int, SentWith]) -> set[int | None]:
    """Whose account matters because some value names the facilitator."""
    return {
        link.action_item.retrospective.facilitator_id
        for link in links
        if (values := _values_of(link, sent)) and names_role(values, FACILITATOR)
    }


def _sprint_projects(
    links: Sequence[IssueLink], sent: Mapping[int, SentWith], targets: Mapping[int, Target]
) -> set[str]:
    """The ids of projects whose active sprints matter."""
    return {
        targets[link.id].project_id
        for link in links
        if link.id in targets
        and not link.created
        and (values := _values_of(link, sent))
        and sprint_field(values)
    }


def _claim(link: IssueLink, target: Target | None, sent: SentWith | None) -> Claim:
    new = not link.created
    return Claim(
        link_id=link.id,
        link_public_id=link.public_id,
        item_public_id=link.action_item.public_id,
        change_number=link.change_number,
        issue_id=link.issue_id,
        project_id=link.stamped_project_id,
        snapshot=link.snapshot,
        assignee_note=link.assignee_note,
        tries=link.tries,
        target=target,
        desired=_desired(link.action_item),
        stamp=_stamp(link),
        deleted=link.action_item.let_go,
        place=_place(link),
        differences=differences_of(link),
        notes=notes_of(link),
        backfill=link.backfill_id is not None,
        sent_with=sent if new else None,
        facts=item_facts.facts_of(link.action_item) if new and sent and sent.values else None,
    )


def _place(link: IssueLink) -> Place | None:
    """Where the issue was last read; until it was, where it was created."""
    project_id = link.issue_project_id or link.stamped_project_id
    issue_type_id = link.issue_type_id or link.stamped_issue_type_id
    if not link.created or project_id is None or issue_type_id is None:
        return None
    return Place(project_id, issue_type_id)


def _desired(item: ActionItem) -> Desired:
    return Desired(
        sources=sources_of(item),
        assignee_email=item.assignee.email if item.assignee else None,
        backlink=backlink_of(item),
    )


def _stamp(link: IssueLink) -> Stamp | None:
    if link.stamped_at is None:
        return None
    assert link.stamped_cloud_id is not None
    assert link.stamped_account_id is not None
    assert link.stamped_project_id is not None
    return Stamp(
        at=link.stamped_at,
        cloud_id=link.stamped_cloud_id,
        account_id=link.stamped_account_id,
        project_id=link.stamped_project_id,
        empty_probes=link.empty_probes,
    )
