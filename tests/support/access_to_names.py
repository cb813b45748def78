"""Of the access table: what organizations, teams and retrospectives are called, and their end."""

from tests.support.access_rows import Route, administrators, leaders

_SETTINGS = "/organizations/acme/settings"
_ARCHIVE = f"{_SETTINGS}/teams/{{team}}/archive"
_RETROSPECTIVE = "/retrospectives/{retrospective}"
NAMES = [
    Route("organization_settings.edit", f"{_SETTINGS}/general", administrators(200)),
    Route(
        "organization_settings.update",
        f"{_SETTINGS}/general",
        administrators(303),
        {"name": "Acme Works"},
    ),
    Route(
        "organization_settings.update_time_zone",
        f"{_SETTINGS}/general/time-zone",
        administrators(303),
        {"zone": "Europe/Prague"},
    ),
    Route(
        "organization_settings.update_digest",
        f"{_SETTINGS}/general/digest",
        administrators(303),
        {"weekday": "4", "hour": "15"},
    ),
    Route("team_archive.confirm", _ARCHIVE, administrators(200)),
    Route("team_archive.create", _ARCHIVE, administrators(303), {}),
    Route("team_archive.destroy", f"{_ARCHIVE}/removal", administrators(303), {}),
    Route("retrospective_changes.edit", f"{_RETROSPECTIVE}/title", leaders(200)),
    Route(
        "retrospective_changes.update",
        f"{_RETROSPECTIVE}/title",
        leaders(303),
        {"title": "Sprint 14b"},
    ),
    Route("retrospective_changes.confirm", f"{_RETROSPECTIVE}/deletion", leaders(200)),
    Route("retrospective_changes.destroy", f"{_RETROSPECTIVE}/deletion", leaders(303), {}),
]
