"""A member is matched after their action items went out: the issues are to be looked at again."""

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, AssigneeNote, IssueLink, JiraConnection, LinkState
from app.services.owed.pushes import mark_due
from app.services.people import matches

# Sync errors wait for a person, and an issue that is gone has nobody to be assigned to.
_OUT_OF_REACH = (LinkState.ERROR, LinkState.DELETED, LinkState.UNSEEN)


def follow(connection_id: int, user_id: int, *, held_by: str | None = None) -> int:
    """Let the member's issues follow what is known of their account since a moment ago.

    Matched now: the links that went out before are made due, and the push assigns those issues
    that nobody has assigned meanwhile. Still not matched: the items say why by now.
    `held_by`: the drain that looked the member up; it plans with that whatever it has claimed.
    Returns how many issues may be assigned.
    """
    match = matches.known(connection_id, [user_id]).get(user_id)
    if match is None:
        return 0
    if match.account_id is None:
        _say_why(connection_id, user_id, match.reason)
        return 0
    links = list(db.session.scalars(_of(connection_id, user_id).where(_unaware(held_by))))
    for link in links:
        mark_due(link, link.due_at or utcnow())
    return sum(link.assignee_note in matches.UNMATCHED for link in links)


def forget_refusals(connection_id: int, user_id: int) -> None:
    """An account was picked: that Jira refused to assign the one before says nothing of it."""
    refused = IssueLink.assignee_note == AssigneeNote.NOT_ASSIGNABLE
    for link in db.session.scalars(_of(connection_id, user_id).where(refused)):
        link.assignee_note = AssigneeNote.NOT_FOUND
    db.session.flush()


def _say_why(connection_id: int, user_id: int, reason: AssigneeNote | None) -> None:
    outdated = and_(
        IssueLink.assignee_note.in_(matches.REPLACEABLE), IssueLink.assignee_note != reason
    )
    for link in db.session.scalars(_of(connection_id, user_id).where(outdated)):
        link.assignee_note = reason
        link.revision += 1
    db.session.flush()


def _of(connection_id: int, user_id: int) -> Select[IssueLink]:
    """The links of the member's action items on the connected site, locked."""
    return (
        select(IssueLink)
        .join(IssueLink.action_item)
        .join(IssueLink.connection)
        .where(
            IssueLink.connection_id == connection_id,
            IssueLink.active,
            IssueLink.state.not_in(_OUT_OF_REACH),
            or_(IssueLink.issue_id.is_(None), IssueLink.cloud_id == JiraConnection.cloud_id),
            ActionItem.assignee_id == user_id,
            ~ActionItem.let_go,
        )
        .order_by(IssueLink.id)
        .with_for_update(of=IssueLink)
        .execution_options(populate_existing=True)
    )


def _unaware(held_by: str | None) -> ColumnElement[bool]:
    """Links that were sent without the match, or are just being sent without it."""
    sent = IssueLink.assignee_note.in_(matches.UNMATCHED)
    if held_by is None:
        return or_(sent, IssueLink.claim_id.is_not(None))
    return and_(sent, or_(IssueLink.claim_id.is_(None), IssueLink.claim_id != held_by))
