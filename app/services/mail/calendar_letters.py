"""The weekly digest and the daily reminder: what of it is still so is asked when they are sent."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, CalendarMail, Mail, MailKind, User
from app.services.mail import preferences, unsubscribing
from app.services.mail.content import Content
from app.services.reminders import (
    digest_words,
    item_lines,
    open_items,
    reminder_words,
    team_lines,
    turns,
)
from app.services.time_zones import zone_named

DAY = timedelta(days=1)


def recipients(mail: Mail) -> list[str]:
    """The person that it belongs to, if they want it now."""
    if mail.user is None:
        return []
    chosen = preferences.chosen_by(mail.user)
    wants = mail.kind in chosen or (mail.kind is MailKind.REMINDER and MailKind.OVERDUE in chosen)
    return [mail.user.email] if wants else []


def digest(mail: Mail) -> Content | None:
    """All that is open of the person's; None when nothing is, or it is too late by now."""
    user = mail.user
    if user is None or _period(mail) is None or utcnow() - mail.created_at > turns.LATEST:
        return None
    items = open_items.of(user)
    if not items:
        return None
    local = _local(user)
    words = digest_words.words_of(user.name, [item.due_on for item in items], local)
    return Content(
        subject=words.subject,
        unsubscribe=unsubscribing.address(user, mail.kind),
        context={
            "words": words,
            "groups": _groups(items, local.date()),
            "more": max(0, len(items) - item_lines.LONGEST),
            "slug": items[0].retrospective.team.organization.slug,
            "weekday": f"{local:%A}",
            "teams": team_lines.lines_of(user, utcnow()),
            **_addresses(user, mail.kind),
        },
    )


def reminder(mail: Mail) -> Content | None:
    """What is due tomorrow and what was due yesterday, as far as the person wants to know; None
    when nothing is left of it, or the day is over where they are."""
    user, day = mail.user, _period(mail)
    if user is None or day is None or _local(user).date() != day:
        return None
    chosen = preferences.chosen_by(user)
    soon = open_items.of(user, [day + DAY]) if MailKind.REMINDER in chosen else []
    late = open_items.of(user, [day - DAY]) if MailKind.OVERDUE in chosen else []
    if not soon and not late:
        return None
    return Content(
        subject=reminder_words.subject_of(len(soon), len(late)),
        unsubscribe=unsubscribing.address(user, mail.kind),
        context={
            "parts": [
                (heading, _groups(items, day), max(0, len(items) - item_lines.LONGEST))
                for heading, items in (
                    (reminder_words.soon_heading(day + DAY, len(soon)), soon),
                    (reminder_words.late_heading(day - DAY, len(late)), late),
                )
                if items
            ],
            "only": (soon + late)[0] if len(soon + late) == 1 else None,
            "slug": (soon + late)[0].retrospective.team.organization.slug,
            **_addresses(user, mail.kind),
        },
    )


def _groups(items: Sequence[ActionItem], today: date) -> tuple[item_lines.Group, ...]:
    return item_lines.groups_of(items, open_items.issues_of(items), today)


def _period(mail: Mail) -> date | None:
    """Of which week or day it is; None when that is not known any more."""
    row = db.session.get(CalendarMail, mail.row_ids[0]) if mail.row_ids else None
    return row.period if row else None


def _local(user: User) -> datetime:
    return utcnow().astimezone(zone_named(user.time_zone))


def _addresses(user: User, kind: MailKind) -> dict[str, Any]:
    base = current_app.config["PUBLIC_URL"]
    return {"base": base, "owner": user.id, "unsubscribe": unsubscribing.address(user, kind)}
