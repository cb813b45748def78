"""The start page: sites, boards with issues, switches for trouble, what happened lately."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from demo.jira_cloud.catalog.sites import PROJECTS, Site
from demo.jira_cloud.cloud import Cloud
from demo.jira_cloud.control.switches import SWITCHES

blueprint = Blueprint("start", __name__)

RECENT = 25


@blueprint.get("/")
def show() -> str:
    """Everything at a glance."""
    cloud: Cloud = current_app.extensions["cloud"]
    control = cloud.control
    with cloud.world.transaction():
        return render_template(
            "jira/start.html",
            sites=[_site(cloud, site) for site in cloud.world.live_sites()],
            switches=SWITCHES.values(),
            conditions=cloud.world.conditions,
            grants=control.grants(),
            webhooks=control.webhooks(),
            deliveries=control.deliveries()[-RECENT:][::-1],
            requests=control.requests()[-RECENT:][::-1],
            counters=control.counters(),
        )


@blueprint.post("/switches/<name>")
def switch(name: str) -> Response:
    """Turn one on or off."""
    if name not in SWITCHES:
        raise NotFound
    SWITCHES[name].turn(current_app.extensions["cloud"].control, request.form.get("on") == "1")
    return redirect(url_for("start.show") + "#trouble", 303)


@blueprint.post("/grants/revoke")
def revoke() -> Response:
    """As the person would at id.atlassian.com."""
    current_app.extensions["cloud"].control.revoke()
    return redirect(url_for("start.show") + "#access", 303)


@blueprint.post("/tokens/expire")
def expire() -> Response:
    """An hour passes for every access token."""
    current_app.extensions["cloud"].control.expire_access_tokens()
    return redirect(url_for("start.show") + "#access", 303)


@blueprint.post("/calm")
def calm() -> Response:
    """All switches off."""
    current_app.extensions["cloud"].control.calm()
    return redirect(url_for("start.show") + "#trouble", 303)


def _site(cloud: Cloud, site: Site) -> dict[str, object]:
    counts: dict[str, int] = {}
    for issue in cloud.world.table("issues").values():
        if issue["site"] == site.slug:
            counts[issue["project"]] = counts.get(issue["project"], 0) + 1
    boards = [
        {"key": project.key, "name": project.name, "count": counts[project.key]}
        for project in PROJECTS[site.slug]
        if project.key in counts
    ]
    total = len(PROJECTS[site.slug])
    return {"name": site.name, "url": cloud.world.site_url(site), "boards": boards, "total": total}
