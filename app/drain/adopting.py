"""While on hold: search the site for what a restored database has forgotten (design.md §3.6)."""

import logging

from app.clock import utcnow
from app.drain.current import Current
from app.drain.looking import FIELDS
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraUnauthorized
from app.jira.types import Issue
from app.services.grants import pauses
from app.services.outbound import probe
from app.services.restoring import adopt, found_issues
from app.services.restoring.adoptions_due import Search
from app.services.restoring.found_issues import FoundIssue

log = logging.getLogger(__name__)


def look(current: Current, client: JiraClient, search: Search) -> None:
    """One whole look. Reads Jira and changes nothing there. Raises JiraUnauthorized.

    Killed at any point, the next one finds the same, and what was adopted by then is known.
    """
    try:
        unseen = [each for each in search.projects if not probe.browsable(client, each)]
        visible = [each for each in search.projects if each not in unseen]
        found = found_issues.find(client, search, visible, utcnow())
        issues = _read(current, client, search, found)
    except JiraUnauthorized:
        raise
    except JiraError as error:
        adopt.postpone(current.lease, error)
        pauses.pause_if_asked(current.lease.connection_id, error)
        db.session.commit()
        log.warning("site not searched", extra=current.ids(error=str(error)))
        return
    _write(
        current,
        search,
        found,
        issues,
        sorted(search.needed[each] for each in unseen if each in search.needed),
    )


def _read(
    current: Current, client: JiraClient, search: Search, found: list[FoundIssue]
) -> dict[str, Issue]:
    """What the issues hold that something is written down of, by id."""
    wanted = adopt.sorted_out(current.lease, found)
    db.session.commit()
    ids = [each.id for each in (*wanted.ties.values(), *wanted.opens)]
    read = client.bulk_fetch([*ids, *search.waiting], fields=FIELDS)
    return {issue.id: issue for issue in read}


def _write(
    current: Current,
    search: Search,
    found: list[FoundIssue],
    issues: dict[str, Issue],
    unseen: list[str],
) -> None:
    adopted = 0
    for start in range(0, len(found), adopt.AT_ONCE):
        adopted += adopt.adopt(current.lease, found[start : start + adopt.AT_ONCE], issues)
        db.session.commit()
    adopt.keep_what_came_later(current.lease, search, issues)
    left = adopt.sorted_out(current.lease, found).left_alone
    adopt.finish_look(current.lease, adopted, left, unseen)
    db.session.commit()
    log.info("site searched", extra=current.ids(found=len(found), adopted=adopted))
