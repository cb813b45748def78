"""What the panel's templates need, for the page, the poll and after a write."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.identifiers import is_number
from app.models import ActionItem, Retrospective, User
from app.services.organizations import permissions
from app.services.organizations.permissions import TeamAccess
from app.services.panel import head, panels, row_offers
from app.services.panel.head import Batch
from app.services.panel.panels import Panel, Row
from app.services.panel.row_offers import Rights, RowOffers
from app.web import listings
from app.web.access import signed_in_user
from app.web.formatting import today
from app.web.listings import listing_of
from app.web.partials import html_partial, wants_partial

NOBODY = Batch()


@dataclass(frozen=True)
class Viewer:
    """The person who looks, and what the rows offer to them."""

    user: User
    retrospective: Retrospective

    @cached_property
    def access(self) -> TeamAccess:
        return permissions.access_to(self.user, self.retrospective.team)

    @property
    def administers(self) -> bool:
        return self.access is TeamAccess.ADMIN

    @property
    def leads(self) -> bool:
        return self.access >= TeamAccess.FACILITATOR

    @property
    def may_add(self) -> bool:
        phase = self.retrospective.phase
        return phase.has_action_items and permissions.may_add(self.user, self.retrospective)

    def may_edit(self, item: ActionItem) -> bool:
        return permissions.edits_as(self.access, self.user, item)

    def may_complete(self, item: ActionItem) -> bool:
        """Not what was dropped: that is taken up again first."""
        return self.may_edit(item) and not item.dropped

    def offers(self, row: Row, panel: Panel) -> RowOffers:
        """What the row's controls are."""
        rights = Rights(
            complete=self.may_complete(row.item),
            edit=self.may_edit(row.item),
            sync=self.leads,
            delete=self.leads,
        )
        return row_offers.offers_of(row, panel.around, rights)


def panel_context(panel: Panel, batch: Batch = NOBODY, **more: Any) -> dict[str, Any]:
    """The variables of `action_items/_panel.html` and of the partials in it.

    `focus` is the id of an element that takes the focus, `undo` the id of an item just completed.
    """
    viewer = Viewer(signed_in_user(), panel.retrospective)
    listings.note_panel(panel)
    return {
        "panel": panel,
        "viewer": viewer,
        "retrospective": panel.retrospective,
        "notice": head.notice(panel),
        "counts": head.counts(panel, leads=viewer.leads),
        "waiting": head.waiting(panel),
        "with_article": head.with_article,
        "batch": head.batch_of(panel, batch),
        "today": today(),
        "slug": panel.retrospective.team.organization.slug,
        "focus": None,
        "undo": None,
        "form": None,
        **more,
    }


def batch_from_request() -> Batch:
    """What this viewer saw moving, as the fragment's own address tells."""
    return Batch(_ids("creating"), _ids("updating"))


def done_before(panel: Panel) -> frozenset[int]:
    """What Jira had completed when this viewer last looked; all of it for one who just came."""
    return _ids("done") if watches_jira() else panel.done_in_jira


def watches_jira() -> bool:
    """Whether this request is a poll of a panel that waits for what changes in Jira."""
    return "done" in request.args


def row_or_page(
    item: ActionItem, *, announce: str = "", said: str = "", **more: Any
) -> ResponseReturnValue:
    """After a write to one item: its row and the panel's head, else back to the page.

    `announce` is for screen readers beside the row; `said` for the page that is loaded anew.
    """
    if not wants_partial():
        return _back(listing_of(item), said or announce, item)
    panel = panels.panel_of(listing_of(item))
    context = panel_context(panel, row=panel.row_of(item), **more)
    return html_partial("action_items/_row_and_head.html", announce=announce, **context)


def panel_or_page(
    retrospective: Retrospective,
    /,
    *,
    announce: str,
    at: ActionItem | None = None,
    **more: Any,
) -> ResponseReturnValue:
    """After a write that adds or removes a row: the panel, else back to the page, `at` an item."""
    if not wants_partial():
        return _back(retrospective, announce, at)
    context = {**panel_context(panels.panel_of(retrospective)), **more}
    return html_partial("action_items/_panel.html", announce=announce, **context)


def page_of(retrospective: Retrospective, item: ActionItem | None = None) -> str:
    """The address of the retrospective's page, at `item` if there is one."""
    anchor = f"item-{item.id}" if item is not None else None
    return url_for("retrospectives.show", retrospective_id=retrospective.id, _anchor=anchor)


def _back(
    retrospective: Retrospective, announce: str, item: ActionItem | None
) -> ResponseReturnValue:
    if announce:
        flash(announce, "ok")
    return redirect(page_of(retrospective, item), 303)


def _ids(name: str) -> frozenset[int]:
    parts = request.args.get(name, "").split("-")
    return frozenset(int(part) for part in parts if is_number(part))
