"""What the rows of field values are drawn from, in the Jira settings and on a team's page."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request

from app.extensions import db
from app.models import JiraConnection, Organization, WorkKind
from app.services.field_values.field_kind import Input, Sprint
from app.services.field_values.value_tokens import TOKENS
from app.services.mapping import active_sprints
from app.services.mapping.mappings import Target
from app.services.settings import value_results, value_search
from app.services.settings.value_forms import MANY_FIELDS, ValueForm
from app.services.settings.value_results import Latest
from app.services.settings.value_search import FoundFields, FoundOptions
from app.web.account_search import LONGEST_QUERY
from app.web.partials import wants_partial
from app.web.value_drafts import label_name, value_name


@dataclass(frozen=True)
class ValueSection:
    """A form of field values with what stands around its inputs.

    slot: 0 for the default, else the team's id. found, found_fields: what somebody without script
    has searched for. focus: the field that was just added. scripted: it takes the place of rows
    that were there already. trouble: why Jira has not told its fields lately.
    """

    form: ValueForm
    slot: int
    example: Latest | None
    results: Mapping[str, str]
    sprints: Sequence[Sprint]
    found: FoundOptions | None = None
    found_fields: FoundFields | None = None
    focus: str = ""
    scripted: bool = False
    trouble: str = ""

    tokens = TOKENS
    many_fields = MANY_FIELDS
    value_name = staticmethod(value_name)
    label_name = staticmethod(label_name)

    @property
    def place(self) -> str:
        """The project and type, as a form says which rows it shows."""
        return f"{self.form.target.project_id}/{self.form.target.issue_type_id}"

    @property
    def news(self) -> str:
        """A token of what Jira tells of the rows: another one once they have to be drawn anew."""
        rows = [
            (row.field_id, row.name, row.required, row.on_screen, row.options)
            for row in self.form.rows
        ]
        screen = [(each.id, each.name, each.kind is None) for each in self.form.screen or ()]
        facts = (self.place, rows, self.form.screen is None, screen, self.trouble)
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def section_of(
    organization: Organization,
    connection: JiraConnection,
    form: ValueForm,
    slot: int,
    *,
    found: FoundOptions | None = None,
) -> ValueSection:
    """Reads rows only; found is what `found_in` has asked Jira for."""
    example = value_results.latest(organization, slot or None)
    focus = request.values.get("focus", "")
    if "adding" in request.values:
        focus = request.values.get("add", "")
    fields = None
    if "search-fields" in request.form:
        query = _query("query-fields")
        fields = value_search.fields_among(form.others, query)
    return ValueSection(
        form=form,
        slot=slot,
        example=example,
        results=value_results.results(form.rows, example),
        sprints=active_sprints.last_read(connection.id, form.target.project_id),
        found=found,
        found_fields=fields,
        focus=focus,
        scripted=wants_partial(),
        trouble=connection.works[WorkKind.METADATA].error or "",
    )


def found_in(connection: JiraConnection, form: ValueForm) -> FoundOptions | None:
    """What was searched for at one of the rows, without script; commits, and may ask Jira."""
    row = form.row(request.form.get("search", ""))
    if row is None:
        return None
    query = _query(f"query:{row.field_id}")
    if row.kind.lists_options:
        return value_search.among(row.field_id, query, row.options or ())
    if not query:
        return None
    return asked_of_jira(connection.id, row.kind.input, form.target, row.field_id, query)


def asked_of_jira(
    connection_id: int, kind: Input, target: Target, field_id: str, query: str
) -> FoundOptions:
    """What Jira finds for a field; commits."""
    level = value_search.level_of(connection_id, target)
    db.session.commit()  # no transaction stays open while Jira answers
    found = value_search.search(connection_id, kind, target, field_id, query, level)
    value_search.keep_pause(connection_id, found)
    db.session.commit()
    return found


def _query(name: str) -> str:
    return request.form.get(name, "").strip()[:LONGEST_QUERY]
