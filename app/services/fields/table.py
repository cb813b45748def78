"""The synced fields, a row each, in the order in which pages name them.

What a new row brings by itself, and what it needs beside itself: how-to.md §1.
"""

from collections.abc import Container, Iterable
from datetime import date

from app.jira import adf
from app.jira.adf import Backlink
from app.jira.issue_values import assignee_in, description_in, due_date_in, summary_in
from app.jira.people import reference
from app.services.fields.synced_field import Kind, Missing, SyncedField


def _summary(title: str, _: Backlink) -> str:
    return adf.summary(title)


def _account(account_id: str | None, _: Backlink) -> dict[str, str] | None:
    return reference(account_id)


def _account_id(account: dict[str, str] | None) -> str | None:
    return account["accountId"] if account else None


def _day(due_on: date | None, _: Backlink) -> str | None:
    return due_on.isoformat() if due_on else None


def _date(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


TITLE = SyncedField(
    id="summary",
    attribute="title",
    name="title",
    name_in_jira="Summary",
    source=lambda item: item.title,
    render=_summary,
    read=summary_in,
    always_filled=True,
    switch="take_over_title",
)
DESCRIPTION = SyncedField(
    id="description",
    attribute="description",
    name="description",
    name_in_jira="Description",
    source=lambda item: item.description,
    render=adf.document,
    remember=adf.digest,
    projected=adf.projection,
    look=description_in,
    guarded=True,
    always_filled=True,  # with the link back, if with nothing else
    missing=Missing(
        "no-description",
        "Issues carry the title alone, without the link to the retrospective.",
    ),
    hint="Formatted; long text is cut with a link back.",
)
ASSIGNEE = SyncedField(
    id="assignee",
    attribute="assignee_id",
    name="assignee",
    name_in_jira="Assignee",
    kind=Kind.PERSON,
    source=lambda item: item.assignee_id,
    render=_account,
    remember=_account_id,
    read=assignee_in,
    permission="ASSIGN_ISSUES",
    sent_empty=True,  # or Jira assigns the project's default
    switch="take_over_assignee",
    missing=Missing("no-assignee"),
    hint="Matched by e-mail address.",
    preview="Assignee in Jira",
)
DUE_DATE = SyncedField(
    id="duedate",
    attribute="due_on",
    name="due date",
    name_in_jira="Due Date",
    kind=Kind.DAY,
    source=lambda item: item.due_on,
    stored=lambda day: day.isoformat() if day else None,
    render=_day,
    read=due_date_in,
    accept=_date,
    permission="SCHEDULE_ISSUES",
    switch="take_over_due_date",
    missing=Missing("no-due-date"),
    preview="Due date",
)

SYNCED_FIELDS = (TITLE, DESCRIPTION, ASSIGNEE, DUE_DATE)
BY_ID = {field.id: field for field in SYNCED_FIELDS}
READ_BACK = tuple(field for field in SYNCED_FIELDS if field.read is not None)
TAKEN_OVER = tuple(field for field in SYNCED_FIELDS if field.switch is not None)


def words_of(field_ids: Iterable[str]) -> str:
    """ "title, due date": what people call Jira's fields. One that is not ours keeps its id."""
    return ", ".join(BY_ID[each].name if each in BY_ID else each for each in field_ids)


def missing_on(screen: Container[str]) -> list[SyncedField]:
    """The fields that cannot be sent. `screen`: the field ids of a create screen."""
    return [field for field in SYNCED_FIELDS if not field.is_on(screen)]


def field_missing(code: str) -> SyncedField | None:
    """The field that a check's finding of that code finds missing."""
    found = (field for field in SYNCED_FIELDS if field.missing and field.missing.code == code)
    return next(found, None)
