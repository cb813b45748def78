"""Who may come in at all, and the loaders that find nothing of another organization.

What a person may not see is 404, in every organization and role; what they may see but not do is
403 (design.md §1).
"""

import logging
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask_login import current_user
from sqlalchemy import Select, bindparam, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import contains_eager
from werkzeug.wrappers import Response as BaseResponse

from app import clock
from app.clock import utcnow
from app.extensions import answer_by, db, login_manager, writing
from app.models import (
    ActionItem,
    Membership,
    Organization,
    Retrospective,
    Team,
    TeamMember,
    User,
    UserSession,
)
from app.models.deleted_retrospective import not_deleted
from app.services.errors import PlanWithoutJira
from app.services.organizations import memberships, permissions, team_access
from app.services.sign_in import user_sessions
from app.web import listings, unsaved
from app.web.partials import wants_partial

log = logging.getLogger(__name__)

SESSION_TOKEN = "token"  # noqa: S105 — its name in the cookie
View = TypeVar("View", bound=Callable[..., Any])


def init_app(app: Flask) -> None:
    login_manager.user_loader(_load_user)
    app.before_request(_say_whether_it_writes)
    app.before_request(require_sign_in)
    app.before_request(_note_use)
    app.teardown_request(_forget_whether_it_writes)
    app.jinja_env.globals["plan_without_jira"] = PlanWithoutJira.sentence


def public(view: View) -> View:
    """Mark a view that answers without sign-in. Everything else needs one."""
    view.public = True  # type: ignore[attr-defined]
    return view


def writes(view: View) -> View:
    """Mark a GET view that writes, so that SQLite takes the write lock first (design.md §8)."""
    view.writes = True  # type: ignore[attr-defined]
    return view


def require_sign_in() -> BaseResponse | None:
    """Send a stranger to the sign-in page, unless the view is public. Unknown addresses are 404."""
    if request.endpoint is None or _view_says("public") or current_user.is_authenticated:
        return None
    return sign_in_first()


def sign_in_first() -> BaseResponse:
    """A page redirects; a fragment says 401, and htmx goes to the sign-in page by itself.

    A form whose words somebody would miss gets the sign-in page at once, with them in it.
    """
    if wants_partial():
        answer = Response("Sign in to go on.", 401, mimetype="text/plain")
        answer.headers["HX-Redirect"] = url_for("sessions.new", next=unsaved.place() or None)
        return answer
    if kept := unsaved.sealed():
        g.unsaved = kept
        return make_response(current_app.view_functions["sessions.new"](), 401)
    here = request.script_root + request.full_path.rstrip("?")
    destination = here if request.method == "GET" else None
    return redirect(url_for("sessions.new", next=destination), 303)


def signed_in_user() -> User:
    """The person who makes this request."""
    return cast(User, current_user._get_current_object())


def organization_or_404(slug: str) -> Organization:
    """The organization, for its own people."""
    return _membership_or_404(slug).organization


def administered_organization_or_404(slug: str) -> Organization:
    """The organization, for its Owner and Admins. Its settings do not exist for anybody else."""
    membership = _membership_or_404(slug)
    if not permissions.may_administer(membership):
        abort(404)
    return membership.organization


def hold_people(organization: Organization) -> None:
    """Nobody else changes the organization's people from now on. 404 for whoever was its Owner or
    an Admin when the page was asked for, and is none by now."""
    memberships.lock(organization)
    db.session.expire(signed_in_user(), ["memberships"])
    if not permissions.administers(signed_in_user(), organization):
        abort(404)


def team_or_404(team_id: int, slug: str | None = None) -> Team:
    """The team, for its members and the organization's Owner and Admins.

    With `slug` it must be a team of that organization.
    """
    team = _readable_or_404(db.session.get(Team, team_id))
    if slug is not None and team.organization.slug != slug:
        abort(404)
    return team


def administered_team_or_404(team_id: int, slug: str) -> Team:
    """The team, for the Owner and Admins of the organization."""
    administered_organization_or_404(slug)
    return team_or_404(team_id, slug)


def retrospective_or_404(retrospective_id: int) -> Retrospective:
    """The retrospective, unless it was deleted, for whoever may see its team."""
    found = _retrospective(retrospective_id)
    if found is None:
        abort(404)
    return found


def _retrospective(retrospective_id: int) -> Retrospective | None:
    """One statement for all of it, because everybody who is there asks every few seconds."""
    asked = {"retrospective_id": retrospective_id, "user_id": signed_in_user().id}
    found = db.session.execute(_retrospective_for_somebody(), asked).one_or_none()
    if found is None or not (access := permissions.access_of(*found[1:])):
        return None
    g.access = access
    _remember(found.Membership)
    return cast(Retrospective, found.Retrospective)


@cache
def _retrospective_for_somebody() -> Select[Retrospective, Membership, TeamMember]:
    """With its team and organization, and what the person is to both."""
    return (
        select(Retrospective, Membership, TeamMember)
        .join(Retrospective.team)
        .join(Team.organization)
        .join(Membership, team_access.in_organization())
        .outerjoin(TeamMember, team_access.in_team())
        .where(Retrospective.id == bindparam("retrospective_id"), not_deleted())
        .options(contains_eager(Retrospective.team).contains_eager(Team.organization))
    )


def access_here() -> permissions.TeamAccess:
    """What this person is to the team whose retrospective this request is about."""
    return cast(permissions.TeamAccess, g.access)


def action_item_or_404(item_id: int) -> ActionItem:
    """The action item, unless it was deleted, for whoever may see its team.

    The retrospective in which it was written may be deleted, if another one goes on with it.
    """
    item = db.session.get(ActionItem, item_id)
    if item is None or item.deleted_at is not None:
        abort(404)
    listing = _retrospective(item.retrospective_id)
    if listing is None and (latest := listings.latest_of(item)) is not None:
        listing = _retrospective(latest)
    if listing is None:
        abort(404)
    asked = listings.asked_for(item)
    listings.note(item, (_retrospective(asked) if asked else None) or listing)
    return item


def require(condition: bool, sentence: str | None = None) -> None:
    """Refuse, with 403, what this person may see but not do."""
    if not condition:
        abort(403, sentence)


def require_jira(organization: Organization) -> None:
    """Refuse, with 403, what the plan does not include."""
    require(organization.plan.includes_jira, PlanWithoutJira.sentence)


def _readable_or_404(team: Team | None) -> Team:
    user = signed_in_user()
    if team is None or not permissions.may_read(user, team):
        abort(404)
    _remember(permissions.membership_in(user, team.organization_id))
    return team


def _membership_or_404(slug: str) -> Membership:
    asked = {"slug": slug, "user_id": signed_in_user().id}
    membership: Membership | None = db.session.scalar(_membership_of_somebody(), asked)
    if membership is None:
        abort(404)
    _remember(membership)
    return membership


@cache
def _membership_of_somebody() -> Select[Membership]:
    """With the organization that has that slug."""
    return (
        select(Membership)
        .join(Membership.organization)
        .where(Organization.slug == bindparam("slug"), Membership.user_id == bindparam("user_id"))
        .options(contains_eager(Membership.organization))
    )


def _remember(membership: Membership | None) -> None:
    """As whose page this is shown, for the bar at its top and for lines of the log."""
    g.membership = membership
    if membership is not None:
        g.organization_ids = {membership.organization_id}


def _load_user(user_id: str) -> User | None:
    """Whose session the cookie's token is; nobody's if it was ended, or is of before sessions were
    rows."""
    token = session.get(SESSION_TOKEN)
    if not (token and user_id.isdecimal()):
        return None
    found = user_sessions.find(token, int(user_id))
    if found is None:
        return None
    g.user_session, g.user_session_id = found, found.id
    return found.user


def _note_use() -> None:
    """Whole pages count as use of a session, in a transaction of its own: on SQLite, a write after
    a read fails at once where somebody else has written in between."""
    found: UserSession | None = g.get("user_session")
    now = utcnow()
    if found is None or wants_partial() or not user_sessions.is_to_be_noted(found, now):
        return
    session_id = found.id
    db.session.rollback()
    writes, patience = writing.set(True), answer_by.set(clock.monotonic())
    try:
        user_sessions.note_use(session_id, now)
        db.session.commit()
    except DBAPIError as error:  # busy: that is no reason to keep anybody from the page
        db.session.rollback()
        log.info("use of a session not noted", extra={"error": type(error.orig).__name__})
    finally:
        answer_by.reset(patience)
        writing.reset(writes)


def this_session() -> UserSession:
    """The session in which this request was made, by somebody who is signed in."""
    return cast(UserSession, g.user_session)


def _view_says(mark: str) -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, mark, False))


def _say_whether_it_writes() -> None:
    writing.set(request.method not in {"GET", "HEAD", "OPTIONS"} or _view_says("writes"))


def _forget_whether_it_writes(_error: BaseException | None) -> None:
    writing.set(True)
