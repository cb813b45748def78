"""design.md §1 as a table: what each kind of person gets at each route. A new route needs a row."""

from tests.support.access_rows import (
    PEOPLE,
    SIGN_IN,
    Route,
    administrators,
    everybody,
    leaders,
    organization,
    owner,
    row,
    signed_in,
    team,
)
from tests.support.access_to_accounts import ACCOUNTS
from tests.support.access_to_history import HISTORY
from tests.support.access_to_last_time import LAST_TIME
from tests.support.access_to_linking import LINKING
from tests.support.access_to_names import NAMES

__all__ = ["PEOPLE", "TABLE", "Route"]

ACME = "/organizations/acme"
SETTINGS, DEPARTURE = f"{ACME}/settings", f"{ACME}/departure"
JIRA = f"{SETTINGS}/integrations/jira"
LOG = f"{JIRA}/sync-log"
VALUES = f"{JIRA}/field-values/999"  # of a mapping that is not there
RETROSPECTIVE = "/retrospectives/{retrospective}"
ITEM = "/action-items/{item}"  # of another member than the one who asks
DIFFERENCE = f"{ITEM}/differences/description"
MEMBER = f"{SETTINGS}/members/{{membership}}"
ADMINISTRATOR = f"{SETTINGS}/members/{{administrator}}"
INVITED = f"{SETTINGS}/invitations/{{invitation}}"
TEAM = f"{SETTINGS}/teams/{{team}}"
TITLED = {"title": "Buy cake"}
TO_COMMIT = {"shown": "discuss", "to": "commit"}

_DEMO = [Route("outbox.index", "/demo/outbox", everybody(200))]
_WEBHOOKS = [Route("webhooks.create", "/webhooks/jira", everybody(401), {})]
_METRICS = [Route("metrics.show", "/metrics", everybody(404))]
_ORGANIZATION = [
    Route("home.index", "/", signed_in(303)),
    Route("home.show", ACME, organization(200)),
    Route("home.hide_first_steps", f"{ACME}/first-steps/removal", administrators(303), {}),
    Route("departures.new", DEPARTURE, row(SIGN_IN, 404, 200, 200, 200, 200, 403)),
    Route("departures.create", DEPARTURE, row(SIGN_IN, 404, 303, 303, 303, 303, 403), {}),
    Route("teams.show", f"{ACME}/teams/{{team}}", team(200)),
    Route("action_items.index", f"{ACME}/action-items", organization(200)),
    Route("follow_through.show", f"{ACME}/follow-through", organization(200)),
    Route("follow_through.download", f"{ACME}/follow-through/figures.csv", organization(200)),
    Route(
        "team_retrospectives.new",
        f"{ACME}/retrospectives/new",
        row(SIGN_IN, 404, 403, 403, 200, 200, 200),
    ),
    Route(
        "team_retrospectives.create",
        f"{ACME}/retrospectives",
        row(SIGN_IN, 404, 403, 403, 303, 303, 303),
        {"team": "{team}", "title": "Sprint 15 Retro", "held_on": "2030-01-02"},
    ),
]
_RETROSPECTIVE = [
    Route("retrospectives.show", RETROSPECTIVE, team(200)),
    Route("retrospectives.panel", f"{RETROSPECTIVE}/panel", team(200)),
    Route("phases.edit", f"{RETROSPECTIVE}/commit", leaders(200), free=leaders(303)),
    Route("phases.show", f"{RETROSPECTIVE}/commit/preview", leaders(200)),
    Route("phases.update", f"{RETROSPECTIVE}/phase", leaders(303), TO_COMMIT),
    Route("action_items.new", f"{RETROSPECTIVE}/action-items/new", team(200)),
    Route("action_items.create", f"{RETROSPECTIVE}/action-items", team(303), TITLED),
    Route(
        "action_items.preview",
        f"{RETROSPECTIVE}/description-previews",
        team(200),
        {"description": "For **all**"},
    ),
]
_ACTION_ITEM = [
    Route("action_items.show", ITEM, team(200)),
    Route("action_items.edit", f"{ITEM}/edit", leaders(200)),
    Route("action_items.update", ITEM, leaders(303), TITLED),
    Route("completions.create", f"{ITEM}/completion", leaders(303), {}),
    Route("completions.destroy", f"{ITEM}/completion/removal", leaders(303), {}),
    Route("deletions.new", f"{ITEM}/deletion", leaders(200)),
    Route("deletions.create", f"{ITEM}/deletion", leaders(303), {}),
    Route("syncs.create", f"{ITEM}/syncs", leaders(303), {}, free=leaders(409)),
    Route("syncs.create_several", f"{RETROSPECTIVE}/syncs", leaders(303), {}),
    Route("links.edit", f"{ITEM}/link/removal", leaders(200)),
    Route("links.destroy", f"{ITEM}/link/removal", leaders(303), {}),
    Route("links.create", f"{ITEM}/link/renewal", leaders(303), {}, free=leaders(409)),
    *LINKING,
    *LAST_TIME,
    Route("differences.create", f"{DIFFERENCE}/replacement", leaders(409), {"seen": "sha256:1"}),
    Route("differences.destroy", f"{DIFFERENCE}/removal", leaders(409), {}),
]
_MEMBERS_AND_TEAMS = [
    Route("members.index", f"{SETTINGS}/members", administrators(200)),
    Route(
        "invitations.create",
        f"{SETTINGS}/invitations",
        administrators(422),
        {"email": "nobody", "role": "member", "team": ""},
    ),
    Route("invitations.update", f"{INVITED}/renewal", administrators(303), {}),
    Route("invitations.destroy", f"{INVITED}/removal", administrators(303), {}),
    Route("members.update", f"{MEMBER}/role", administrators(303), {"role": "admin"}),
    Route("members.confirm_removal", f"{MEMBER}/removal", administrators(200)),
    Route("members.destroy", f"{MEMBER}/removal", administrators(303), {}),
    Route("members.confirm_ownership", f"{ADMINISTRATOR}/ownership", owner(200)),
    Route("members.transfer", f"{ADMINISTRATOR}/ownership", owner(422), {}),
    Route("team_settings.index", f"{SETTINGS}/teams", administrators(200)),
    Route("team_settings.create", f"{SETTINGS}/teams", administrators(303), {"name": "Web"}),
    Route("team_settings.edit", TEAM, administrators(200)),
    Route("team_settings.update", TEAM, administrators(303), {"name": "Web"}),
    Route(
        "team_settings.add_member", f"{TEAM}/members", administrators(303), {"user": "{outsider}"}
    ),
    Route("team_settings.update_member", f"{TEAM}/members/{{row}}", administrators(303), {}),
    Route(
        "team_settings.remove_member", f"{TEAM}/members/{{row}}/removal", administrators(303), {}
    ),
    Route("plan.show", f"{SETTINGS}/plan", administrators(200)),
    Route("plan.confirm", f"{SETTINGS}/plan/change/enterprise", owner(200)),
    Route("plan.update", f"{SETTINGS}/plan/change/enterprise", owner(303), {}),
]
_JIRA = [
    Route("integrations.index", f"{SETTINGS}/integrations", administrators(200)),
    Route("integrations.setup", f"{JIRA}/setup", administrators(200)),
    Route("jira_authorization.callback", "/integrations/jira/callback", signed_in(303)),
    Route(
        "jira_authorization.new",
        f"{JIRA}/authorization",
        administrators(303),
        free=administrators(403),
    ),
    Route("jira_settings.edit", JIRA, administrators(200), free=administrators(303)),
    Route("jira_settings.update", JIRA, administrators(422), {"version": "0"}, administrators(403)),
    Route("jira_choices.index", f"{JIRA}/projects", administrators(200), free=administrators(403)),
    Route("jira_choices.refresh", f"{JIRA}/projects", administrators(303), {}, administrators(403)),
    Route(
        "jira_choices.show", f"{JIRA}/issue-types", administrators(303), free=administrators(403)
    ),
    Route(
        "jira_choices.choose", f"{JIRA}/issue-types", administrators(303), {}, administrators(403)
    ),
    Route("webhook_health.show", f"{JIRA}/webhook", administrators(303), free=administrators(403)),
    Route(
        "webhook_health.create",
        f"{JIRA}/webhook/tests",
        administrators(303),
        {},
        administrators(403),
    ),
    Route("jira_choices.status", f"{JIRA}/checks", administrators(303), free=administrators(403)),
    Route("jira_choices.create", f"{JIRA}/checks", administrators(303), {}, administrators(403)),
    Route("jira_site.edit", f"{JIRA}/site", administrators(303)),
    Route("jira_site.confirm", f"{JIRA}/site/cloud-1", administrators(303)),
    Route(
        "jira_site.update",
        f"{JIRA}/site",
        administrators(303),
        {"site": "cloud-1"},
        administrators(403),
    ),
    Route("jira_site.destroy", f"{JIRA}/pending-grant/removal", administrators(303), {}),
    Route(
        "jira_value_rows.fields", f"{JIRA}/fields", administrators(200), free=administrators(403)
    ),
    Route(
        "jira_value_rows.options",
        f"{JIRA}/field-options",
        administrators(404),
        free=administrators(403),
    ),
    Route("jira_value_rows.draw", f"{VALUES}/rows", administrators(404), {}, administrators(403)),
    Route("jira_field_values.edit", VALUES, administrators(404), free=administrators(403)),
    Route("jira_field_values.update", VALUES, administrators(404), {}, administrators(403)),
    Route(
        "jira_field_values.create", f"{VALUES}/copies", administrators(404), {}, administrators(403)
    ),
    Route("suspensions.new", f"{JIRA}/pause", administrators(200), free=administrators(403)),
    Route(
        "suspensions.create",
        f"{JIRA}/pause",
        administrators(303),
        {"reason": "PLAT moves"},
        administrators(403),
    ),
    Route("suspensions.destroy", f"{JIRA}/pause/removal", administrators(303), {}),
    Route("jira_disconnection.new", f"{JIRA}/disconnection", administrators(200)),
    Route("jira_disconnection.create", f"{JIRA}/disconnection", administrators(303), {}),
]

_SYNC_LOG = [
    Route("sync_log.index", LOG, administrators(200)),
    Route("sync_log.show", f"{LOG}/entries", administrators(200)),
    Route("sync_log.section", f"{LOG}/section", administrators(200)),
    Route("sync_log.download", f"{LOG}/entries.csv", administrators(200)),
    Route("retries.new", f"{LOG}/retries/new", administrators(303)),
    Route("retries.create_all", f"{LOG}/retries", administrators(303), {}, administrators(409)),
    Route(
        "retries.create", f"{LOG}/{{entry}}/retries", administrators(303), {}, administrators(409)
    ),
]

PEOPLE_PAGE = f"{JIRA}/people"
UNMATCHED = f"{PEOPLE_PAGE}/unmatched-owners"
_JIRA_PEOPLE = [
    Route("people.index", PEOPLE_PAGE, administrators(200), free=administrators(303)),
    Route("people.show", f"{PEOPLE_PAGE}/list", administrators(200), free=administrators(303)),
    Route("people.look_up", f"{PEOPLE_PAGE}/look-ups", administrators(303), {}),
    Route("people.look_up_one", f"{PEOPLE_PAGE}/{{membership}}/look-ups", administrators(303), {}),
    Route(
        "jira_accounts.edit",
        f"{PEOPLE_PAGE}/{{membership}}/account",
        administrators(200),
        free=administrators(303),
    ),
    Route(
        "jira_accounts.update",
        f"{PEOPLE_PAGE}/{{membership}}/account",
        administrators(422),
        {"query": "", "account": "x"},
        free=administrators(303),
    ),
    Route(
        "jira_accounts.confirm",
        f"{PEOPLE_PAGE}/{{membership}}/account/confirmation",
        administrators(303),
        {},
    ),
    Route(
        "jira_accounts.destroy",
        f"{PEOPLE_PAGE}/{{membership}}/account/removal",
        administrators(303),
        {},
    ),
    Route("unmatched_owners.update", UNMATCHED, administrators(303), {"meaning": "nobody"}),
    Route(
        "unmatched_owners.edit",
        f"{UNMATCHED}/account",
        administrators(200),
        free=administrators(303),
    ),
    Route(
        "unmatched_owners.choose",
        f"{UNMATCHED}/account",
        administrators(422),
        {"query": "", "account": "x"},
        free=administrators(303),
    ),
]

BACKFILL = f"{JIRA}/backfill"
_BACKFILL = [
    Route("backfill.index", BACKFILL, administrators(200), free=administrators(303)),
    Route("backfill.show", f"{BACKFILL}/progress", administrators(200), free=administrators(303)),
    Route("backfill.offer", f"{BACKFILL}/offer", administrators(200), free=administrators(303)),
    Route("backfill.create", BACKFILL, administrators(422), {}, administrators(403)),
    Route("backfill.confirm_stop", f"{BACKFILL}/{{backfill}}/stop", administrators(303)),
    Route("backfill.stop", f"{BACKFILL}/{{backfill}}/stop", administrators(303), {}),
]

TABLE = [
    *ACCOUNTS,
    *_DEMO,
    *_WEBHOOKS,
    *_METRICS,
    *_ORGANIZATION,
    *_RETROSPECTIVE,
    *_ACTION_ITEM,
    *_MEMBERS_AND_TEAMS,
    *_JIRA,
    *(*_SYNC_LOG, *_JIRA_PEOPLE),
    *_BACKFILL,
    *HISTORY,
    *NAMES,
]
