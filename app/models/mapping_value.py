"""What else a mapping sends with each new issue, and what can be chosen for it."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db


class MappingValue(db.Model):
    """A field value of a mapping: a field of the create screen, and what new issues get in it."""

    __tablename__ = "mapping_value"
    __table_args__ = (UniqueConstraint("mapping_id", "field_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mapping_id: Mapped[int] = mapped_column(ForeignKey("project_mapping.id"))
    field_id: Mapped[str] = mapped_column(String(64))
    # As Jira called it when it was chosen.
    name: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(32))
    # Of the field's schema then: a field of another one is not the field that was chosen.
    fingerprint: Mapped[str] = mapped_column(String(255))
    # In the stored form of its kind, with the words for it; None: required, and not filled in yet.
    value: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    position: Mapped[int]

    def copied(self) -> "MappingValue":
        """The same for another mapping, or for a mapping that lists its values anew."""
        return MappingValue(
            field_id=self.field_id,
            name=self.name,
            kind=self.kind,
            fingerprint=self.fingerprint,
            value=self.value,
        )


class JiraFieldOptions(db.Model):
    """What Jira lets one choose in a field of a create screen, as last read: maybe thousands."""

    __tablename__ = "jira_field_options"
    __table_args__ = (
        UniqueConstraint(
            "connection_id",
            "project_id",
            "issue_type_id",
            "field_id",
            name="uq_jira_field_options_field",  # PostgreSQL cuts a longer one
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("jira_connection.id"))
    project_id: Mapped[str] = mapped_column(String(32))
    issue_type_id: Mapped[str] = mapped_column(String(32))
    field_id: Mapped[str] = mapped_column(String(64))
    # [{"id", "label", "children"?: [{"id", "label"}]}]
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
