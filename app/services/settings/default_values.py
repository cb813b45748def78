"""The field values of the default, which are a part of the settings form."""

from collections.abc import Mapping
from dataclasses import replace

from app.models import JiraConnection, ProjectMapping
from app.services.mapping.mappings import Target
from app.services.settings import value_forms
from app.services.settings.drafts import DEFAULT, Draft, mappings_on_site
from app.services.settings.form import Form
from app.services.settings.project_choices import Chosen, Judged
from app.services.settings.value_forms import ValueForm
from app.services.settings.value_rows import ValueDraft, parts_of

# How an error at a field value names its place in the form.
PART = "value:"


def form_in(
    connection: JiraConnection, form: Form, errors: Mapping[tuple[int, str], str]
) -> ValueForm | None:
    """As the settings form fills it in, for the project and type that it chooses; None without."""
    slot = form.default
    if slot.project is None or slot.issue_type is None:
        return None
    target = Target(slot.project.id, slot.project.key, slot.issue_type.id)
    found = value_forms.form_at(
        connection, slot.mapping, target, slot.issue_type.name, form.draft.values
    )
    said = [errors.get((DEFAULT, f"{PART}{row.field_id}"), "") for row in found.rows]
    rows = [replace(row, error=error) for row, error in zip(found.rows, said, strict=True)]
    return replace(found, rows=rows)


def typed_in(
    connection: JiraConnection, draft: Draft, judged: Mapping[int, Judged]
) -> ValueForm | None:
    """What is to be saved, with what is wrong at its rows; None where it goes nowhere.

    judged: the slots of the draft that are chosen anew.
    """
    mapping = mappings_on_site(connection).get(DEFAULT)
    if DEFAULT not in judged:
        form = value_forms.form_of(connection, mapping, draft.values) if mapping else None
        return value_forms.checked(form) if form else None
    chosen = judged[DEFAULT]
    if not isinstance(chosen, Chosen):
        return None
    project, issue_type = chosen.project, chosen.issue_type
    target = Target(project.id, project.key, issue_type.id)
    return value_forms.checked(
        value_forms.form_at(connection, mapping, target, issue_type.name, draft.values)
    )


def errors_of(form: ValueForm) -> dict[tuple[int, str], str]:
    """What keeps it from being saved, by slot and part."""
    if form.loses:
        return {(DEFAULT, "type"): value_forms.UNREAD}
    return {(DEFAULT, f"{PART}{row.field_id}"): row.error for row in form.rows if row.error}


def differ(connection: JiraConnection, values: ValueDraft) -> bool:
    """Whether saving them would change anything."""
    mapping = mappings_on_site(connection).get(DEFAULT)
    return said(values) != _saved(mapping)


def said(values: ValueDraft) -> dict[str, list[str]]:
    """What is filled in, by field; a field with nothing is absent."""
    found = {field_id: [*filter(None, parts)] for field_id, parts in values.parts.items()}
    return {field_id: parts for field_id, parts in found.items() if parts}


def _saved(mapping: ProjectMapping | None) -> dict[str, list[str]]:
    rows = mapping.values if mapping else ()
    return said(ValueDraft(0, {row.field_id: parts_of(row.value) for row in rows}))
