"""A mapping to KIND, whose Task has every kind of field, and values for it to send."""

from typing import Any

from app.extensions import db
from app.models import MappingValue, ProjectMapping
from app.services.grants import clients
from app.services.mapping import screens
from tests.support.field_value_examples import EXAMPLES, recognised, with_ids


def with_one_item(acme):
    """Acme with one action item, which becomes a Task of KIND."""
    for item in acme.items[1:]:
        db.session.delete(item)
    acme.map_to("KIND")
    acme.jira.control.grant("MODIFY_REPORTER", "KIND")
    return acme


def chosen(acme, code: str, *, required: bool = False) -> str:
    """Have the mapping send the example of a kind. Returns the field's id."""
    example = EXAMPLES[code]
    return sent_with(acme, example.in_jira, example.stored, required=required)


def sent_with(acme, in_jira: str, stored: Any, *, required: bool = False) -> str:
    """Have the mapping send a value of a field, by its name in the stand-in."""
    field_id = "reporter"
    if in_jira != "reporter":
        field_id = acme.jira.control.add_field(in_jira, "KIND", "Task", required=required)
    connection_id = acme.connection.id
    db.session.commit()
    offered = clients.client_of(connection_id).fields("KIND", "10001")
    [field] = [each for each in offered if each.id == field_id]
    mapping = db.session.query(ProjectMapping).one()
    row = MappingValue(field_id=field_id, name=field.name, kind=recognised(field).code)
    row.value = with_ids(stored, screens.options_of_field(field))
    row.fingerprint = screens.schema_of_field(field).fingerprint
    row.position = len(mapping.values)
    mapping.values.append(row)
    mapping.version += 1
    db.session.commit()
    return field_id


def creates(acme) -> list[int]:
    return [each["status"] for each in acme.jira.control.requests("create")]
