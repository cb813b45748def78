"""Reads what Jira answers about issues. Raises Unreadable where an issue cannot be told."""

from collections.abc import Mapping
from typing import Any

from app.jira import reading
from app.jira.reading import Unreadable
from app.jira.refusals import element_refusal
from app.jira.transport import Answer
from app.jira.types import (
    AllowedValue,
    BulkOutcome,
    CreatedIssue,
    Issue,
    Transition,
    TransitionField,
)


def created_issue(body: Any) -> CreatedIssue:
    """The id and key of a new issue."""
    created = reading.required_mapping(body)
    return CreatedIssue(
        id=reading.required_id(created.get("id")), key=reading.required_id(created.get("key"))
    )


def is_bulk_outcome(answer: Answer) -> bool:
    """Whether a 400 says what became of each draft, instead of refusing the request.

    Source: jira-platform.md §2.5.
    """
    try:
        errors = reading.listing(reading.mapping(answer.json()).get("errors"))
    except ValueError:
        return False
    return bool(errors) and all("failedElementNumber" in reading.mapping(each) for each in errors)


def bulk_outcome(body: Any, answer: Answer, drafts: int) -> BulkOutcome:
    """What became of `drafts` issues.

    Unreadable when it cannot be told which of them failed: then all of them are unknown.
    """
    outcome = reading.required_mapping(body)
    created = [created_issue(value) for value in reading.listing(outcome.get("issues"))]
    failed = [reading.mapping(value) for value in reading.listing(outcome.get("errors"))]
    errors = {
        _position(element, drafts): element_refusal(answer.operation, element, answer.trace_id)
        for element in failed
    }
    if not created and not errors:
        raise Unreadable("no draft has an outcome")
    return BulkOutcome(created=created, errors=errors)


def _position(element: Any, drafts: int) -> int:
    position = reading.number(element.get("failedElementNumber"))
    if position is None or not 0 <= position < drafts:
        raise Unreadable("it is not said which draft failed")
    return position


def issue(value: Any) -> Issue:
    """An issue as search and bulkfetch return it.

    One without id or key makes the answer unreadable: left out, it would look deleted.
    """
    found = reading.required_mapping(value)
    key = reading.required_id(found.get("key"))
    fields = reading.mapping(found.get("fields"))
    status = reading.mapping(fields.get("status"))
    project = reading.mapping(fields.get("project"))
    return Issue(
        id=reading.required_id(found.get("id")),
        key=key,
        fields=fields,
        properties=reading.mapping(found.get("properties")),
        summary=reading.text(fields.get("summary")) or None,
        status_category=_category(status),
        status_name=reading.text(status.get("name")) or None,
        resolution=reading.text(reading.mapping(fields.get("resolution")).get("name")) or None,
        project_id=reading.identifier(project.get("id")),
        project_key=reading.text(project.get("key")) or key.rpartition("-")[0] or None,
        issue_type_id=reading.identifier(reading.mapping(fields.get("issuetype")).get("id")),
        assignee_id=reading.identifier(reading.mapping(fields.get("assignee")).get("accountId")),
        due_date=reading.day(fields.get("duedate")),
        created=reading.moment(fields.get("created")),
        updated=reading.moment(fields.get("updated")),
        status_changed=reading.moment(fields.get("statuscategorychangedate")),
    )


def edited_issue(body: Any) -> Issue | None:
    """The answer to an edit: the issue, or None. The edit is done whether Jira shows it or not."""
    try:
        return issue(body)
    except Unreadable:
        return None


def transition(value: Any) -> Transition | None:
    """A way out of the issue's present status; None if it has no id to take it by."""
    found = reading.mapping(value)
    transition_id = reading.identifier(found.get("id"))
    if transition_id is None:
        return None
    to = reading.mapping(found.get("to"))
    return Transition(
        id=transition_id,
        name=reading.text(found.get("name")),
        status_name=reading.text(to.get("name")) or None,
        status_category=_category(to),
        status_id=reading.identifier(to.get("id")),
        fields=tuple(
            _transition_field(name, reading.mapping(value))
            for name, value in reading.mapping(found.get("fields")).items()
        ),
    )


def _transition_field(name: str, field: Mapping[str, Any]) -> TransitionField:
    """The id is the key of the map (jira-platform.md §11.10)."""
    default = reading.mapping(field.get("defaultValue"))
    allowed = [reading.mapping(each) for each in reading.listing(field.get("allowedValues"))]
    return TransitionField(
        id=name,
        name=reading.text(field.get("name")) or name,
        required=field.get("required") is True,
        has_default=field.get("hasDefaultValue") is True,
        default_id=reading.identifier(default.get("id")),
        allowed_values=tuple(
            AllowedValue(reading.identifier(each.get("id")), reading.text(each.get("name")))
            for each in allowed
        ),
    )


def _category(status: Any) -> str | None:
    return reading.text(reading.mapping(status.get("statusCategory")).get("key")) or None
