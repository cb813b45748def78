"""The first steps of a new organization: each is done by itself, once what it asks for is there."""

from sqlalchemy import ColumnElement, exists, select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ConnectionState,
    Invitation,
    JiraConnection,
    Membership,
    Organization,
    ProjectMapping,
    Retrospective,
    Role,
    Team,
)
from app.services.panel import first_step_words
from app.services.panel.first_step_words import FirstSteps, StepKind


def steps_of(organization: Organization) -> FirstSteps | None:
    """The steps in one statement; None once all are done, or somebody hid them."""
    if organization.first_steps_hidden_at is not None:
        return None
    kinds = first_step_words.kinds_for(organization.plan)
    asked = [_ASKED[kind](organization.id).label(kind.value) for kind in kinds]
    row = db.session.execute(select(*asked)).one()
    done = {kind for kind, is_done in zip(kinds, row, strict=True) if is_done}
    return None if len(done) == len(kinds) else first_step_words.words_of(kinds, done)


def hide(organization: Organization) -> None:
    """For good, and for all its admins."""
    if organization.first_steps_hidden_at is None:
        organization.first_steps_hidden_at = utcnow()
        db.session.flush()


def _connected(organization_id: int) -> ColumnElement[bool]:
    return exists().where(
        JiraConnection.organization_id == organization_id,
        JiraConnection.state != ConnectionState.DISCONNECTED,
    )


def _project_chosen(organization_id: int) -> ColumnElement[bool]:
    return exists().where(ProjectMapping.organization_id == organization_id)


def _people_invited(organization_id: int) -> ColumnElement[bool]:
    """Whoever has been invited waits or is a member; the Owner is always one."""
    others = exists().where(
        Membership.organization_id == organization_id, Membership.role != Role.OWNER
    )
    return others | exists().where(Invitation.organization_id == organization_id)


def _retrospective_started(organization_id: int) -> ColumnElement[bool]:
    return exists().where(Retrospective.team_id == Team.id, Team.organization_id == organization_id)


def _committed(organization_id: int) -> ColumnElement[bool]:
    return exists().where(
        Retrospective.team_id == Team.id,
        Team.organization_id == organization_id,
        Retrospective.committed_at.is_not(None),
    )


_ASKED = {
    StepKind.CONNECT: _connected,
    StepKind.PROJECT: _project_chosen,
    StepKind.INVITE: _people_invited,
    StepKind.RETROSPECTIVE: _retrospective_started,
    StepKind.COMMIT: _committed,
}
