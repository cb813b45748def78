"""What surrounds every page: the bar at the top, its menu, and where htmx comes from."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Flask, current_app, g, url_for
from flask_login import current_user

from app.clock import utcnow
from app.models import Appearance, JiraConnection, Membership, Organization, ProjectMapping
from app.services.connection import card_words, cards
from app.services.mapping import blocked
from app.services.organizations import memberships, permissions


class Entry(NamedTuple):
    """A line of the main navigation. `section` is what a page names as its own."""

    section: str
    label: str
    url: str
    icon: str


class Blocked(NamedTuple):
    """Mappings that cannot take action items, and the connection they were checked with."""

    connection: JiraConnection
    mappings: Sequence[ProjectMapping]


def init_app(app: Flask) -> None:
    app.context_processor(_shell)


def current_membership() -> Membership | None:
    """The membership that the page belongs to, else the person's first one."""
    if not (current_user and current_user.is_authenticated):
        return None
    if "membership" not in g:
        g.membership = min(current_user.memberships, key=lambda row: row.id, default=None)
    membership: Membership | None = g.membership
    return membership


def _shell() -> dict[str, Any]:
    membership = current_membership()
    return {
        "current_membership": membership,
        "navigation": _navigation(membership) if membership else [],
        "other_memberships": _other_memberships,
        "appearance": _appearance(),
        "htmx": _htmx(),
        "jira_trouble": _jira_trouble,
        "jira_blocked": _jira_blocked,
    }


def _jira_trouble(organization: Organization) -> card_words.Banner | None:
    """What to say of the connection while only a person can make syncing work again."""
    card = cards.card_of(organization, utcnow())
    return card_words.banner_of(card) if card.in_trouble else None


def _jira_blocked(organization: Organization) -> Blocked | None:
    """What of the organization's choices cannot take action items, as far as anything does not."""
    mappings = blocked.of_organization(organization)
    connection = organization.connection
    return Blocked(connection, mappings) if mappings and connection else None


def _navigation(membership: Membership) -> list[Entry]:
    slug = membership.organization.slug
    entries = [
        Entry("home", "Home", url_for("home.show", slug=slug), "home"),
        Entry("action_items", "Action items", _action_items(slug), "checklist"),
    ]
    if permissions.may_administer(membership):
        entries.append(
            Entry("settings", "Settings", url_for("members.index", slug=slug), "settings")
        )
    return entries


def _action_items(slug: str) -> str:
    return url_for("action_items.index", slug=slug)


def _other_memberships(here: Membership) -> list[Membership]:
    """Only the menu asks: what is swapped into a page has none."""
    return [row for row in memberships.of_user(here.user) if row is not here]


def _appearance() -> str:
    """The colours that the person has chosen; empty for those of their system."""
    if not (current_user and current_user.is_authenticated):
        return ""
    chosen: Appearance = current_user.appearance
    return "" if chosen is Appearance.SYSTEM else chosen.value


def _htmx() -> dict[str, str]:
    """From the CDN with its integrity, or our own copy when the configuration says so."""
    own = url_for("static", filename="vendor/htmx-2.0.11.min.js")
    source = current_app.config["HTMX_SRC"]
    if source == "local":
        return {"source": own, "integrity": "", "own": own}
    return {"source": source, "integrity": current_app.config["HTMX_INTEGRITY"], "own": own}
