"""What may be set in an issue that exists, as it was last read."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import utcnow
from app.extensions import db
from app.models.types import UtcDateTime


class JiraEditScreen(db.Model):
    """Which fields the account may set in issues of a project and type, as one of them told."""

    __tablename__ = "jira_edit_screen"
    __table_args__ = (UniqueConstraint("connection_id", "project_id", "issue_type_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("jira_connection.id"), index=True)
    project_id: Mapped[str] = mapped_column(String(32))
    issue_type_id: Mapped[str] = mapped_column(String(32))
    # By the id of each field its name.
    fields: Mapped[dict[str, str]] = mapped_column(JSON)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
