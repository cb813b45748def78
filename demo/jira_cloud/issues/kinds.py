"""Which rule the values of a field follow."""

from collections.abc import Callable
from typing import Any

from demo.jira_cloud.catalog.fields import ASSIGNEE, Field
from demo.jira_cloud.issues import choices, values
from demo.jira_cloud.issues.bad_value import Place

_CHECKS: dict[str, Callable[[Place, Field, Any], Any]] = {
    "line": values.line,
    "document": values.document,
    "number": values.number,
    "date": values.day,
    "moment": values.moment,
    "address": values.address,
    "labels": values.labels,
    "closed": values.closed,
    "option": choices.option,
    "options": choices.options,
    "cascade": choices.cascade,
    "assignee": choices.assignee,
    "person": choices.person,
    "people": choices.people,
    "group": choices.group,
    "groups": choices.groups,
    "team": choices.team,
    "sprint": choices.sprint,
    "parent": choices.parent,
}


def check(place: Place, field: Field, value: Any) -> Any:
    """What Jira keeps for the value; null empties. Raises BadValue."""
    if value is None and field.id != ASSIGNEE.id:
        return None
    return _CHECKS[field.check](place, field, value)
