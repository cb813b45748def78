"""Organizations, the people in them and their teams."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from flask_login import UserMixin
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import db
from app.models.types import UtcDateTime, enum_column

if TYPE_CHECKING:
    from app.models.jira import JiraConnection, JiraSettings


class Plan(StrEnum):
    FREE = "free"
    PRO = "pro"
    ENTERPRISE = "enterprise"

    @property
    def includes_jira(self) -> bool:
        return self is not Plan.FREE


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"

    @property
    def administers(self) -> bool:
        return self is not Role.MEMBER

    @property
    def owns(self) -> bool:
        return self is Role.OWNER


class Appearance(StrEnum):
    """In which colours somebody sees the pages."""

    SYSTEM = "system"  # as their browser or system says
    LIGHT = "light"
    DARK = "dark"


class Organization(db.Model):
    __tablename__ = "organization"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    plan: Mapped[Plan] = mapped_column(enum_column(Plan), default=Plan.FREE)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    # By whose calendar its months and days are counted. At first its Owner's, None until known.
    time_zone: Mapped[str | None] = mapped_column(String(64))
    # When its people get their weekly digest, by their own clocks: 0 is Monday.
    digest_weekday: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    digest_hour: Mapped[int] = mapped_column(default=8, server_default=text("8"))
    # Since when its admins do not want to be shown the first steps any more.
    first_steps_hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="organization")
    teams: Mapped[list["Team"]] = relationship(back_populates="organization", order_by="Team.name")
    # In whatever state; nothing if it never had one.
    connection: Mapped["JiraConnection | None"] = relationship(back_populates="organization")
    # Nothing before it ever connected.
    settings: Mapped["JiraSettings | None"] = relationship(back_populates="organization")

    @property
    def owner(self) -> "Membership":
        """The one whose person owns it."""
        return next(each for each in self.memberships if each.role.owns)


class User(UserMixin, db.Model):
    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    # Empty before the person has chosen a password: nothing is hashed to that.
    password_hash: Mapped[str] = mapped_column(String(255), default="")
    # When the person chose the password. None: somebody else may know it, so it opens nothing.
    password_chosen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Read by the version before sessions were rows, beside which this one may run; goes later.
    session_generation: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    # By the person; else it is the one that their browser named when they signed in last.
    time_zone_chosen: Mapped[bool] = mapped_column(default=False, server_default=false())
    appearance: Mapped[Appearance] = mapped_column(
        enum_column(Appearance), default=Appearance.SYSTEM, server_default=Appearance.SYSTEM.value
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    # When to look whether a digest or a reminder has come due (None: at once), and the last week
    # and day that were looked at (app/services/reminders). No page reads them.
    calendar_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True, deferred=True)
    digest_week: Mapped[date | None] = mapped_column(deferred=True)
    reminder_day: Mapped[date | None] = mapped_column(deferred=True)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="user")

    @property
    def has_password(self) -> bool:
        """Not before they have chosen one themselves, such as whoever comes by single sign-on."""
        return bool(self.password_hash) and self.password_chosen_at is not None

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class Membership(db.Model):
    """One person in one organization. Each organization has exactly one Owner."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("organization_id", "user_id"),
        Index(
            "uq_membership_owner",
            "organization_id",
            unique=True,
            sqlite_where=text("role = 'owner'"),
            postgresql_where=text("role = 'owner'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role), default=Role.MEMBER)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)

    organization: Mapped[Organization] = relationship(back_populates="memberships")
    user: Mapped[User] = relationship(back_populates="memberships")


class Team(db.Model):
    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # While overrides are on: no issues are created for it, and none is changed (design.md §2.9).
    do_not_sync: Mapped[bool] = mapped_column(default=False, server_default=false())

    organization: Mapped[Organization] = relationship(back_populates="teams")
    team_members: Mapped[list["TeamMember"]] = relationship(
        back_populates="team", cascade="all, delete-orphan"
    )

    @property
    def archived(self) -> bool:
        """Whether it starts no more retrospectives."""
        return self.archived_at is not None


class TeamMember(db.Model):
    __tablename__ = "team_member"
    __table_args__ = (UniqueConstraint("team_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    facilitator: Mapped[bool] = mapped_column(default=False)

    team: Mapped[Team] = relationship(back_populates="team_members")
    user: Mapped[User] = relationship()
