"""All that is stored of a person, as plain values for a file. Reads only.

What only counts or proves something (hashes of passwords, sessions and links) says nothing of a
person and stays out, and so does what is others'. Of teams that the person may not read now
it tells what the person did there, and nothing that others may have written since.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import or_, select

from app.extensions import db
from app.models import (
    ActionItem,
    AuditEvent,
    Backfill,
    CalendarMail,
    CarryOver,
    DeclinedMail,
    EmailChange,
    Finishing,
    Invitation,
    ItemChange,
    JiraConnection,
    JiraPerson,
    JiraSettings,
    Mail,
    MemberOfChange,
    Membership,
    OwedStatus,
    PendingGrant,
    ProviderIdentity,
    Retrospective,
    Suspension,
    Team,
    TeamMember,
    User,
    UserSession,
    WantedMail,
)
from app.services.organizations import memberships, permissions

Values = dict[str, Any]


def of(user: User) -> Values:
    """By subject. Times are UTC, in ISO 8601."""
    return {
        "account": _columns(
            user, "id", "email", "name", "time_zone", "time_zone_chosen", "appearance",
            "created_at", "password_chosen_at",
        ),
        "organizations": [_membership(each) for each in memberships.of_user(user)],
        "teams": [_team(each) for each in _rows(TeamMember, TeamMember.user_id == user.id)],
        "identities": _listed(
            _rows(ProviderIdentity, ProviderIdentity.user_id == user.id),
            "issuer", "subject", "tied_at",
        ),
        "sessions": _listed(
            _rows(UserSession, UserSession.user_id == user.id), "device", "began_at", "used_at"
        ),
        "declined_mails": _listed(
            _rows(DeclinedMail, DeclinedMail.user_id == user.id), "kind"
        ),
        "wanted_mails": _listed(_rows(WantedMail, WantedMail.user_id == user.id), "kind"),
        "digests_and_reminders": _listed(
            _rows(CalendarMail, CalendarMail.user_id == user.id), "kind", "period", "owed_at"
        ),
        "changes_of_address": _listed(
            _rows(EmailChange, EmailChange.user_id == user.id), "email", "asked_at", "ends_at"
        ),
        "mails": _listed(
            _rows(Mail, or_(Mail.user_id == user.id, Mail.address == user.email)),
            "kind", "created_at", "sent_at",
        ),
        "invitations": [_invitation(each) for each in _invitations(user)],
        "jira_accounts": [_jira_account(each, user) for each in _jira_people(user)],
        "jira_connections": _connections(user),
        "action_items": [_item(each, user) for each in _items(user)],
        "changes_of_action_items": _listed(
            _rows(ItemChange, ItemChange.user_id == user.id),
            "action_item_id", "kind", "before", "after", "changed_at",
        ),
        "owed_statuses": _listed(
            _rows(OwedStatus, OwedStatus.owed_by_id == user.id), "issue_link_id", "owed", "since"
        ),
        "carried_over": _listed(
            _rows(CarryOver, CarryOver.carried_by_id == user.id),
            "action_item_id", "retrospective_id", "carried_at",
        ),
        "retrospectives": [
            _retrospective(each, user)
            for each in _rows(Retrospective, Retrospective.facilitator_id == user.id)
        ],
        "issues_being_created": _listed(
            _rows(Finishing, Finishing.user_id == user.id), "action_item_id", "started_at", "until"
        ),
        "changes": [_change(each) for each in _changes(user)],
    }  # fmt: skip


def _rows(model: Any, condition: Any) -> Sequence[Any]:
    order = list(model.__mapper__.primary_key)
    return db.session.scalars(select(model).where(condition).order_by(*order)).all()


def _listed(rows: Sequence[Any], *names: str) -> list[Values]:
    return [_columns(row, *names) for row in rows]


def _columns(row: Any, *names: str) -> Values:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _membership(row: Membership) -> Values:
    return {"organization": row.organization.name} | _columns(row, "role", "created_at")


def _team(row: TeamMember) -> Values:
    return {
        "organization": row.team.organization.name,
        "team": row.team.name,
        "facilitator": row.facilitator,
    }


def _invitations(user: User) -> Sequence[Invitation]:
    return _rows(
        Invitation, or_(Invitation.email == user.email, Invitation.invited_by_id == user.id)
    )


def _invitation(row: Invitation) -> Values:
    """Whom the person invited is not theirs to know for ever: only the id."""
    kept = _columns(row, "id", "role", "sent_at", "ends_at", "accepted_at")
    return {"organization": row.organization.name, "invited_by": row.invited_by_id} | kept


def _jira_people(user: User) -> Sequence[JiraPerson]:
    return _rows(JiraPerson, or_(JiraPerson.user_id == user.id, JiraPerson.picked_by_id == user.id))


def _jira_account(row: JiraPerson, user: User) -> Values:
    """Of an account that the person picked for somebody else, that they did."""
    own = ("account_id", "account_name") if row.user_id == user.id else ()
    return _columns(row, "user_id", *own, "state", "picked", "picked_by_id", "found_at")


def _connections(user: User) -> list[Values]:
    """What the person did to connections, with when; their settings, and past items synced."""
    connected = or_(
        JiraConnection.connected_by_id == user.id, JiraConnection.disconnected_by_id == user.id
    )
    by_them = or_(Backfill.started_by_id == user.id, Backfill.stopped_by_id == user.id)
    return [
        *_listed(_rows(JiraConnection, connected), "connected_at", "disconnected_at", "site_url"),
        *_listed(_rows(Suspension, Suspension.by_id == user.id), "since", "reason"),
        *_listed(_rows(JiraSettings, JiraSettings.saved_by_id == user.id), "saved_at"),
        *_listed(
            _rows(PendingGrant, PendingGrant.user_id == user.id), "created_at", "account_name"
        ),
        *_listed(_rows(Backfill, by_them), "started_at", "ended_at"),
    ]


def _retrospective(row: Retrospective, user: User) -> Values:
    if not permissions.may_read(user, row.team):
        return _columns(row, "id", "team_id")
    return _columns(row, "id", "title", "held_on", "phase")


_TIMES = ("completed_at", "dropped_at", "created_at", "updated_at", "deleted_at")
# What somebody is to an action item, and when they did what made them so.
_PARTS = ("assignee_id", "created_by_id", "completed_by_id", "dropped_by_id", "deleted_by_id")
_ACTS = {
    "created_by": "created_at",
    "completed_by": "completed_at",
    "dropped_by": "dropped_at",
    "deleted_by": "deleted_at",
}


def _items(user: User) -> Sequence[ActionItem]:
    return _rows(ActionItem, or_(*(getattr(ActionItem, part) == user.id for part in _PARTS)))


def _item(item: ActionItem, user: User) -> Values:
    """What the person wrote in whole; of others' items, that they had to do with them."""
    team: Team = item.retrospective.team
    parts = [part.removesuffix("_id") for part in _PARTS if getattr(item, part) == user.id]
    if not permissions.may_read(user, team):
        acts = [_ACTS[part] for part in parts if part in _ACTS]
        ids = {"team_id": team.id, "retrospective_id": item.retrospective_id}
        return {"you_are": parts} | ids | _columns(item, "id", *acts)
    text = {"description": item.description} if item.created_by_id == user.id else {}
    if item.dropped_by_id == user.id:
        text["drop_reason"] = item.drop_reason or ""
    where = {"team": team.name, "retrospective": item.retrospective.title}
    kept = _columns(item, "id", "title", "due_on", *_TIMES)
    return {"you_are": parts} | where | kept | text


def _changes(user: User) -> Sequence[AuditEvent]:
    of_them = MemberOfChange() == user.id
    return _rows(AuditEvent, or_(AuditEvent.user_id == user.id, of_them))


def _change(event: AuditEvent) -> Values:
    return _columns(event, "id", "user_id", "action", "details", "created_at")
