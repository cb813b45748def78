"""What every page of a site needs: the site itself, the control interface, the frame around it."""

from typing import Any

from flask import current_app, g
from werkzeug.exceptions import NotFound

from demo.jira_cloud.catalog.accounts import ACCOUNTS, Account, by_email
from demo.jira_cloud.catalog.sites import PROJECTS, Project, Site
from demo.jira_cloud.cloud import Cloud
from demo.jira_cloud.control.verbs import ACTOR, Control
from demo.jira_cloud.state.records import Desk
from demo.jira_cloud.state.world import World


def site() -> Site:
    """The site that is visited."""
    visited: Site = g.site
    return visited


def world() -> World:
    """Its state."""
    cloud: Cloud = current_app.extensions["cloud"]
    return cloud.world


def control() -> Control:
    """The verbs, which do what people press."""
    cloud: Cloud = current_app.extensions["cloud"]
    return cloud.control


def desk() -> Desk:
    """Who looks at the pages."""
    return Desk(world(), site(), by_email(ACTOR))


def project_named(key: str) -> Project:
    """The project, or no page."""
    for project in PROJECTS[site().slug]:
        if project.key == key:
            return project
    raise NotFound


def people() -> list[Account]:
    """The active people of the site by name."""
    of_site = [each for each in ACCOUNTS.values() if site().slug in each.sites]
    return sorted(
        (each for each in of_site if each.active and each.kind == "atlassian"),
        key=lambda each: each.name,
    )


def frame() -> dict[str, Any]:
    """What the templates of a site are given."""
    home = world().settings.base_url
    return {"site": site(), "home": home, "actor": by_email(ACTOR), "accounts": ACCOUNTS}
