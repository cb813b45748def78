"""Ask once what every drain asks, before a worker forks: each process forked then knows it.

SQLAlchemy puts a statement together when it is first asked, which takes milliseconds, and a drain
asks forty. They are asked here for a connection that there is not, in transactions that are taken
back: they find, lock and write nothing.
"""

import logging

from sqlalchemy.exc import DBAPIError

from app.clock import utcnow
from app.drain import claiming, drain_lease
from app.extensions import db
from app.models import JiraConnection, Organization, ProjectMapping, Spending, WorkKind
from app.models.holding import hold
from app.models.obstacles import installation_paused
from app.services.inbound import due_reads
from app.services.linking import unmarked
from app.services.mapping import active_sprints, evidence, mappings, screens, sent_values
from app.services.mapping.mappings import Target
from app.services.outbound import due_transitions, duplicates, entries, fence, owed_sprints
from app.services.people import matches
from app.services.points import pool
from app.services.points.counted import Asker
from app.services.schedule import due_drains
from app.services.work import due_links, leases, lengths
from app.services.work.leases import Lease

NONE = 0  # the id of nothing

log = logging.getLogger(__name__)


def rehearse() -> None:
    """Never raises for a database that is away: then the first drains ask for the first time."""
    try:
        _ask_all(_nobodys())
    except DBAPIError as error:
        log.warning("not rehearsed", extra={"error": str(error.orig)})
    finally:
        db.session.rollback()


def _nobodys() -> Lease:
    return Lease(
        id="",
        kind=WorkKind.DRAIN,
        length=lengths.length(WorkKind.DRAIN),
        connection_id=NONE,
        organization_id=NONE,
        generation=0,
        cloud_id="",
        account_id="",
        site_url="",
        on_hold=False,
    )


def _ask_all(lease: Lease) -> None:
    for part in (_take, _claim, _send, _record, _go_on):
        part(lease)
        db.session.rollback()


def _take(_: Lease) -> None:
    drain_lease.take(NONE)
    db.session.get(JiraConnection, NONE, populate_existing=True)
    installation_paused(utcnow())


def _claim(lease: Lease) -> None:
    leases.renew(lease)
    claiming.recover(lease)
    due_links.of_next_round(lease)
    db.session.get(Organization, NONE)
    organization = Organization(id=NONE)
    db.session().enable_relationship_loading(organization)
    mappings.mappings_for(organization, [])
    sent_values.values_of(ProjectMapping(id=NONE, values_as_default=False), None)
    nowhere = Target("", "", "")
    screens.fingerprints(NONE, [nowhere])
    active_sprints.known(NONE, [""])
    matches.known(NONE, [NONE])
    due_links.hold([])


def _send(lease: Lease) -> None:
    pool.affordable(Asker(NONE, ""), Spending.CREATES, [1])
    fence.may_send(lease)
    fence.may_read(lease)


def _record(lease: Lease) -> None:
    hold(NONE)
    fence.own_links(lease, [NONE])
    entries.Pushes([])
    evidence.created(lease, [Target("", "", "")], utcnow())


def _go_on(lease: Lease) -> None:
    unmarked.claim(lease)
    due_transitions.of_next_round(lease)
    owed_sprints.of_next_round(lease)
    due_reads.reads_are_due(NONE, utcnow())
    duplicates.due(lease)
    leases.release(lease)
    claiming.give_back(lease)
    due_drains.connection_is_due(NONE, utcnow())
