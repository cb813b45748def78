"""Atlassian teams and groups of people: what a field may name beside a person."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Team:
    """A team of the organization, the same on all its sites."""

    id: str
    name: str


# More than a list of suggestions holds.
_TEAM_NAMES = (
    "Platform", "Platform Operations", "Platform Security", "Planning", "Mobile", "Design",
    'The "A" Team', "צוות ליבה", "Data", "Search", "Payments", "Growth", "Support", "Research",
    "Quality", "Releases", "Identity", "Billing", "Storage", "Networks", "Documentation",
)  # fmt: skip
TEAMS: dict[str, Team] = {
    team.id: team
    for team in (
        Team(f"36885b3c-1bf0-4f85-a357-c5b858c3{number:04x}", name)
        for number, name in enumerate(_TEAM_NAMES, start=1)
    )
}

# Name by id; more than a page of the picker.
GROUPS: dict[str, str] = {
    f"276f955c-63d7-42c8-9520-{number:012x}": name
    for number, name in enumerate(
        (
            "jira-software-users", "site-admins", "Engineering Leads", "engineering-everyone",
            "Retro Facilitators", "support-tier-1", 'the "night" shift',
            *(f"squad-{number:02d}" for number in range(1, 31)),
        ),
        start=1,
    )
}  # fmt: skip
