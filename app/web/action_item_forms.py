"""The form of an action item: the same for adding and for editing."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from app.models import ActionItem, Retrospective, User
from app.services.retrospectives import item_texts
from app.services.retrospectives.action_items import ActionItemFields, assignable
from app.services.retrospectives.item_texts import DESCRIPTION_LIMIT, TITLE_LIMIT

EARLIEST = date(2000, 1, 1)


def _title(text: str | None) -> str:
    """A line break is left in, to be refused: no browser sends one from a field of one line."""
    typed = (text or "").strip("\r\n")
    return typed if _has_line_break(typed) else item_texts.clean_title(typed)


def _description(text: str | None) -> str:
    return item_texts.clean_description(text or "")


def _one_line(_form: FlaskForm, field: StringField) -> None:
    if _has_line_break(field.data):
        raise ValidationError("A title is one line.")


def _has_line_break(text: str) -> bool:
    return "\n" in text or "\r" in text


class AtMost:
    """A validator of the length that a text will have in Jira."""

    def __init__(self, limit: int, sentence: str) -> None:
        self.limit = limit
        self.sentence = sentence

    def __call__(self, _form: FlaskForm, field: StringField) -> None:
        if not item_texts.fits(field.data, self.limit):
            raise ValidationError(self.sentence)


def _taken_whole(_form: FlaskForm, field: TextAreaField) -> None:
    if not item_texts.is_taken_whole(field.data):
        raise ValidationError(
            "Jira would cut this description. Leave out some of its cells or items."
        )


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
            AtMost(TITLE_LIMIT, f"A title has at most {TITLE_LIMIT} characters."),
            _one_line,
        ],
        filters=[_title],
    )
    description = TextAreaField(
        "Description",
        [
            AtMost(
                DESCRIPTION_LIMIT,
                f"A description has at most {DESCRIPTION_LIMIT:,} characters.",
            ),
            _taken_whole,
        ],
        filters=[_description],
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
    retrospective: Retrospective, item: ActionItem | None, *, may_assign: bool, empty: bool = False
) -> ActionItemForm:
    """The form, filled from the request or else from `item`; its ids are the item's own.

    `empty`: for the next item, whatever the request has brought.
    """
    form = ActionItemForm(formdata=None) if empty else ActionItemForm(data=_values(item))
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
