"""The form of an action item: the same for adding and for editing."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.models import ActionItem, Retrospective, User
from app.services.retrospectives.action_items import (
    DESCRIPTION_LIMIT,
    TITLE_LIMIT,
    ActionItemFields,
    assignable,
)

EARLIEST = date(2000, 1, 1)


# Nobody sees them, PostgreSQL cannot store the first, and HTML cannot show them.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _readable(text: str | None) -> str:
    """Without control characters. Browsers send CRLF; what is stored and sent to Jira has LF."""
    plain = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return CONTROL_CHARACTERS.sub("", plain)


def _trimmed(text: str | None) -> str:
    return _readable(text).strip()


def _one_line(_form: FlaskForm, field: StringField) -> None:
    if len(field.data.splitlines()) > 1:
        raise ValidationError("A title is one line.")


class DueDateField(DateField):  # type: ignore[misc]
    """A date as browsers send it, with a sentence of ours for anything else."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Write the due date as year-month-day, such as 2026-11-30.") from None


class ActionItemForm(FlaskForm):  # type: ignore[misc]
    title = StringField(
        "Title",
        [
            InputRequired("An action item needs a title."),
            Length(max=TITLE_LIMIT, message=f"A title has at most {TITLE_LIMIT} characters."),
            _one_line,
        ],
        filters=[_trimmed],
    )
    description = TextAreaField(
        "Description",
        [
            Length(
                max=DESCRIPTION_LIMIT,
                message=f"A description has at most {DESCRIPTION_LIMIT:,} characters.",
            ),
        ],
        filters=[_readable],
    )
    assignee = SelectField("Assignee", coerce=lambda text: int(text) if text else None)
    due = DueDateField("Due date", [Optional()])

    def validate_title(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError("An action item needs a title.")

    def validate_due(self, field: DueDateField) -> None:
        if field.data and field.data < EARLIEST:
            raise ValidationError(f"The due date is {EARLIEST.year} or later.")

    def fields(self, item: ActionItem | None) -> ActionItemFields:
        """What was written. Without the assignee's field the item keeps the one it has."""
        kept = item.assignee_id if item is not None else None
        return ActionItemFields(
            title=self.title.data,
            description=self.description.data,
            assignee_id=self.assignee.data if self.assignee is not None else kept,
            due_on=self.due.data,
        )


def form_for(
    retrospective: Retrospective, item: ActionItem | None, *, may_assign: bool
) -> ActionItemForm:
    """The form, filled from the request or else from `item`; its ids are the item's own."""
    form = ActionItemForm(data=_values(item))
    if may_assign:
        form.assignee.choices = _choices(_team_people(retrospective), item)
    else:
        del form.assignee
    for field in form:
        field.id = field.label.field_id = f"item-{item.id if item else 'new'}-{field.short_name}"
    return form


def _values(item: ActionItem | None) -> dict[str, Any]:
    if item is None:
        return {}
    return {
        "title": item.title,
        "description": item.description,
        "assignee": item.assignee_id,
        "due": item.due_on,
    }


def _team_people(retrospective: Retrospective) -> Sequence[User]:
    return [member.user for member in retrospective.team.team_members]


def _choices(people: Sequence[User], item: ActionItem | None) -> list[tuple[int | str, str]]:
    current = item.assignee if item is not None else None
    named = [(person.id, person.name) for person in assignable(people, current)]
    return [("", "Unassigned"), *named]
