"""The consent page at /authorize."""

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
)
from werkzeug.wrappers import Response as AnyResponse

from demo.jira_cloud.answers.refusals import unavailable
from demo.jira_cloud.catalog.accounts import ACCOUNTS, Account
from demo.jira_cloud.catalog.sites import Site
from demo.jira_cloud.cloud import Cloud
from demo.jira_cloud.oauth import consent
from demo.jira_cloud.state.world import World

blueprint = Blueprint("consent", __name__)

SCOPE_WORDS = {
    "read:jira-work": "View Jira projects, issues and their fields",
    "write:jira-work": "Create and edit issues",
    "read:jira-user": "View profiles of people on your sites",
    "manage:jira-webhook": "Register webhooks for issues",
    "offline_access": "Keep access while you are not here",
}


@blueprint.before_request
def weather() -> Response | None:
    """Down is down for the consent page too."""
    cloud: Cloud = current_app.extensions["cloud"]
    if not cloud.world.conditions.down:
        return None
    refusal = unavailable()
    return Response(refusal.body, refusal.status, mimetype=refusal.media_type)


@blueprint.errorhandler(consent.BadConsentRequest)
def not_taken(bad: consent.BadConsentRequest) -> tuple[str, int]:
    """Atlassian's own error page: the app hears nothing."""
    return render_template("jira/consent_error.html", bad=bad), 400


@blueprint.get("/authorize")
def show() -> Response:
    """Who are you, which sites, and these scopes."""
    cloud: Cloud = current_app.extensions["cloud"]
    with cloud.world.transaction():
        asked = consent.read(cloud.world, request.args)
        chosen = ACCOUNTS.get(request.args.get("account", ""))
        people = [each for each in ACCOUNTS.values() if each.may_consent]
        page = render_template(
            "jira/consent.html",
            asked=asked,
            people=people,
            person=chosen if chosen in people else people[0],
            sites_of=lambda person: _sites_of(cloud.world, person),
            site_url=cloud.world.site_url,
            words=SCOPE_WORDS,
            given={name: value for name, value in request.args.items() if name != "account"},
        )
    return make_response(page)


@blueprint.post("/authorize")
def create() -> AnyResponse:
    """Accept or Decline."""
    cloud: Cloud = current_app.extensions["cloud"]
    with cloud.world.transaction():
        asked = consent.read(cloud.world, request.form)
        if request.form.get("decision") != "accept":
            return redirect(consent.decline(asked), 302)
        person = ACCOUNTS.get(request.form.get("account", ""))
        if person is None or not person.may_consent:
            raise consent.BadConsentRequest("invalid_request", "Choose an account")
        return redirect(
            consent.accept(cloud.world, asked, person, request.form.getlist("site")), 302
        )


def _sites_of(world: World, person: Account) -> list[Site]:
    return [site for site in world.live_sites() if site.slug in person.sites]
