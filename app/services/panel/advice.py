"""What a person reads and can do when a sync fails: one table for the panel and the sync log."""

from dataclasses import dataclass, replace

from app.models import FailureCode

JIRA_SETTINGS = "jira_settings.edit"


@dataclass(frozen=True)
class Advice:
    """A heading of ours, and what to do: for an Owner or Admin, and for everybody else.

    `endpoint` is the settings page that mends it, which only Owners and Admins may open; it takes
    the organization's slug. `fixable` is False where waiting is all there is to do.
    """

    heading: str
    admin: str
    others: str
    endpoint: str | None = None
    link: str | None = None
    fixable: bool = True


@dataclass(frozen=True)
class Place:
    """The names that the sentences mention: where the item was to go, and by which account.

    `again` is the button that tries once more, as it is called where the sentence is read; empty
    while Unpack tries again by itself.
    `substitute` is who gets the issue when its owner is not matched; empty: nobody does.
    """

    project: str = "the project"
    issue_type: str = "the issue type"
    account: str = "the connected account"
    site: str = "the site"
    again: str = "Sync to Jira"
    substitute: str = ""
    substitute_id: str | None = None


def advice_for(code: FailureCode, place: Place, fields: tuple[str, ...] = ()) -> Advice:
    """The advice for `code` with the names filled in. `fields` are Jira's names of fields."""
    words = {
        "project": place.project,
        "issue_type": place.issue_type,
        "account": place.account,
        "site": place.site,
        "again": place.again,
        "then": f", then choose {place.again}" if place.again else " before the next try",
        "fields": listed(fields) or "a field",
    }
    advice = _TABLE[code]
    return replace(
        advice, admin=_sentence(advice.admin, words), others=_sentence(advice.others, words)
    )


def _sentence(template: str, words: dict[str, str]) -> str:
    text = template.format(**words)
    return text[:1].upper() + text[1:]


def listed(names: tuple[str, ...]) -> str:
    """ "title", "title and due date", "title, assignee and due date"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


_RETRY = "{then}."
_OPEN_SETTINGS = "Open the Jira settings"

_TABLE: dict[FailureCode, Advice] = {
    FailureCode.JIRA_UNAVAILABLE: Advice(
        "Jira did not answer",
        "Nothing was lost. It goes out by itself when Jira answers again.",
        "Nothing was lost. It goes out by itself when Jira answers again.",
        fixable=False,
    ),
    FailureCode.TURNED_AWAY: Advice(
        "Stopped on the way to Jira",
        "Jira answers, but something between Unpack and Jira stops this request (404). Ask whoever "
        f"runs Unpack’s network or the site’s protection{_RETRY}",
        "Jira answers, but something between Unpack and Jira stops this request. Ask an admin.",
    ),
    FailureCode.RATE_LIMITED: Advice(
        "Jira asked us to slow down",
        "Nothing for you to do.",
        "Nothing for you to do.",
        fixable=False,
    ),
    FailureCode.MAY_NOT_CREATE: Advice(
        "Permission denied",
        f"Ask a Jira admin to let {{account}} create issues in {{project}}{_RETRY}",
        "{account} may not create issues in {project}. Ask an admin.",
    ),
    FailureCode.MAY_NOT_EDIT: Advice(
        "Permission denied",
        f"Ask a Jira admin to let {{account}} edit issues in {{project}}{_RETRY}",
        "{account} may not edit issues in {project}. Ask an admin.",
    ),
    FailureCode.MAY_NOT_BROWSE: Advice(
        "Project cannot be seen",
        f"Ask a Jira admin to let {{account}} browse {{project}}{_RETRY}",
        "{account} cannot see {project}. Ask an admin.",
    ),
    FailureCode.PROJECT_GONE: Advice(
        "Project not available",
        f"{{project}} is gone from Jira. Choose another project{_RETRY}",
        "{project} is gone from Jira. Ask an admin.",
        endpoint=JIRA_SETTINGS,
        link="Choose a project",
    ),
    FailureCode.PROJECT_ARCHIVED: Advice(
        "Project is archived",
        "{project} is archived in Jira, so nothing in it can be changed. Choose another project, "
        f"or have a Jira admin restore it{_RETRY}",
        "{project} is archived in Jira. Ask an admin.",
        endpoint=JIRA_SETTINGS,
        link="Choose a project",
    ),
    FailureCode.ISSUE_TYPE_GONE: Advice(
        "Issue type not available",
        f"{{project}} no longer offers {{issue_type}}. Choose another issue type{_RETRY}",
        "{project} no longer offers {issue_type}. Ask an admin.",
        endpoint=JIRA_SETTINGS,
        link="Choose an issue type",
    ),
    FailureCode.REQUIRED_FIELD: Advice(
        "A required field is missing",
        "{project} requires {fields}, which Unpack cannot fill. Make it optional in Jira, "
        f"or choose another issue type{_RETRY}",
        "{project} requires {fields}, which Unpack cannot fill. Ask an admin.",
        endpoint=JIRA_SETTINGS,
        link=_OPEN_SETTINGS,
    ),
    FailureCode.FIELD_REFUSED: Advice(
        "Jira refused a field",
        "Jira does not take {fields} as it is. Change it here or in {project}’s screens" + _RETRY,
        "Jira does not take {fields} as it is. Change it here, or ask an admin.",
    ),
    FailureCode.ASSIGNEE_REFUSED: Advice(
        "Assignee not accepted",
        f"Let the person be assigned issues in {{project}}, or assign somebody else{_RETRY}",
        "This person cannot be assigned issues in {project}. Assign somebody else, or ask an "
        "admin.",
    ),
    FailureCode.CONFLICT: Advice(
        "The issue was changed at the same time",
        "Choose {again} to try again.",
        "Ask a facilitator or an admin to choose Sync to Jira.",
    ),
    FailureCode.TOO_LARGE: Advice(
        "Too large for Jira",
        f"Shorten the description{_RETRY}",
        "Shorten the description.",
    ),
    FailureCode.REFUSED: Advice(
        "Jira did not accept it",
        f"Check {{project}} and {{issue_type}} in the Jira settings{_RETRY}",
        "Ask an admin.",
        endpoint=JIRA_SETTINGS,
        link=_OPEN_SETTINGS,
    ),
    FailureCode.OUTCOME_UNSEEN: Advice(
        "Outcome not known",
        "Jira did not answer while the issue was created, and {account} cannot look whether it "
        f"exists. Ask a Jira admin to let it browse {{project}}{_RETRY}",
        "Jira did not answer while the issue was created, and {account} cannot look whether it "
        "exists. Ask an admin.",
    ),
    FailureCode.OTHER_SITE: Advice(
        "Its issue is on another site",
        "Another site is connected than the one that holds the issue. Unlink it and choose Sync "
        "to Jira to create a new one on {site}.",
        "Another site is connected than the one that holds the issue. Ask an admin.",
    ),
    FailureCode.TWO_ISSUES: Advice(
        "Two issues in Jira",
        "Jira holds {fields} for this action item: it gave no answer at first, and had created an "
        "issue all the same. Delete in Jira what is not linked here.",
        "Jira holds {fields} for this action item. Ask an admin to delete what is not linked here.",
    ),
    FailureCode.BELONGS_ELSEWHERE: Advice(
        "The issue belongs to another action item",
        "Somebody else linked it meanwhile, so nothing was written to it. Unlink it here, then "
        "link another issue or choose Sync to Jira.",
        "Somebody else linked it meanwhile, so nothing was written to it. A facilitator or an "
        "admin can unlink it here and link another issue.",
    ),
    FailureCode.NO_TRANSITION: Advice(
        "Jira has no way there from where it is",
        "Move it there step by step, or choose another status in the Jira settings" + _RETRY,
        "Move it there step by step, or ask an admin to choose another status.",
        endpoint=JIRA_SETTINGS,
        link="Choose a status",
    ),
    FailureCode.NONE_OFFERED: Advice(
        "Jira offers no way out of its status",
        f"Ask a Jira admin to let {{account}} transition issues in {{project}}{_RETRY}",
        "{account} may not move issues in {project}. Ask an admin.",
    ),
    FailureCode.SEVERAL_STATUSES: Advice(
        "Jira has several statuses for that",
        "It is not in the project, or not of the type, that a status was chosen for.",
        "It is not in the project, or not of the type, that a status was chosen for.",
    ),
    FailureCode.SCREEN_ASKS_MORE: Advice(
        "Jira asks for more",
        "{fields}: only a person can fill that in.",
        "{fields}: only a person can fill that in.",
    ),
    FailureCode.RESOLUTION_NOT_CHOSEN: Advice(
        "Jira asks for a resolution",
        "Choose under Status in the Jira settings which one goes along, or move it there yourself.",
        "Move it there yourself, or ask an admin to choose which one goes along.",
        endpoint=JIRA_SETTINGS,
        link="Choose a resolution",
    ),
    FailureCode.RESOLUTION_NOT_LISTED: Advice(
        "Jira asks for another resolution",
        "The one that goes along is not on its screen. Choose another under Status in the Jira "
        "settings, or move it there yourself.",
        "The one that goes along is not on its screen. Move it there yourself, or ask an admin to "
        "choose another.",
        endpoint=JIRA_SETTINGS,
        link="Choose a resolution",
    ),
    FailureCode.STATUS_REFUSED: Advice(
        "Jira did not accept the move",
        f"Have it mended in {{project}}’s workflow{_RETRY}",
        "Ask an admin.",
    ),
    FailureCode.DECIDED_IN_JIRA: Advice(
        "Decided in Jira",
        "Somebody has changed its status in Jira since, so it stays there.",
        "Somebody has changed its status in Jira since, so it stays there.",
        fixable=False,
    ),
    FailureCode.NOT_MAPPED: Advice(
        "No project is chosen",
        f"Choose a project for the team{_RETRY}",
        "No Jira project is chosen for the team. Ask an admin.",
        endpoint=JIRA_SETTINGS,
        link="Choose a project",
    ),
}
