"""What is filled in, and what is kept of it."""

from app.extensions import db
from app.models import JiraSettings, MappingValue
from tests.support.atlassian import JIRA
from tests.web.jira_settings.choices import chosen

ROWS = f"{JIRA}/field-values/0/rows"
MAYA = "5c2e4f1a9d3b7a0e6c8d1f25"
COLOUR, PLACE, LABELS, SPONSOR, CAUSE = (
    "customfield_10107", "customfield_10111", "labels", "customfield_10112", "customfield_10101",
)  # fmt: skip


def form(*fields: str, version: int | None = None, **inputs) -> dict:
    """The settings with these fields; `inputs` by the field's id."""
    now = db.session.query(JiraSettings).one().version
    where = chosen("KIND", version=now if version is None else version)
    return where | values_of(*fields, **inputs)


def values_of(*fields: str, **inputs) -> dict:
    filled = {f"value:{name}": value for name, value in inputs.items()}
    return {"values": "", "field": [*dict.fromkeys([*inputs, *fields])], **filled}


def picked(select) -> str | None:
    return next((each.text for each in select.iter("option") if "selected" in each.attrib), None)


COMPLETE = {COLOUR: "10200", PLACE: ["10250", "10252"]}


def stored() -> dict:
    db.session.expire_all()
    return {row.field_id: row.value for row in db.session.query(MappingValue)}
