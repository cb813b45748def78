"""Sites, projects and issue types. What a switch takes away is in `state.conditions`, not here."""

from dataclasses import dataclass

from demo.jira_cloud.catalog.accounts import ADAM, ENG, LABS


@dataclass(frozen=True)
class Site:
    """One Jira Cloud site; `type_base` keeps issue type ids apart between sites."""

    cloud_id: str
    slug: str
    name: str
    type_base: int
    project_base: int


@dataclass(frozen=True)
class IssueType:
    """An issue type of one site."""

    id: str
    name: str
    level: int = 0

    @property
    def subtask(self) -> bool:
        """Whether it needs a parent issue."""
        return self.level < 0


@dataclass(frozen=True)
class Project:
    """A project. `default_assignee` gets issues that name nobody."""

    id: str
    site: str
    key: str
    name: str
    type_names: tuple[str, ...]
    admins_create: bool = False
    default_assignee: str | None = None
    allows_unassigned: bool = True


# accessible-resources promises no order; the site that the demo wants comes second on purpose.
SITES: dict[str, Site] = {
    LABS: Site("7a4de1c0-2f6b-4c8e-8d15-90b3f2a7c6e2", LABS, "Acme Labs", 11000, 20000),
    ENG: Site("1f3c9b52-8d7e-4a60-b1c4-5e2d7f809a13", ENG, "Acme Engineering", 10000, 10000),
}

_TYPE_NAMES = ("Epic", "Task", "Story", "Bug", "Sub-task", "Change", "Illustration", "Milestone")
_LEVELS = {"Epic": 1, "Sub-task": -1}

_USUAL = ("Task", "Story", "Bug", "Epic", "Sub-task")
_TYPES_OF = {
    "MOB": ("Task", "Story", "Sub-task"),
    "OPS": ("Change", "Task"),
    "DES": ("Illustration", "Task"),
    "EPI": ("Epic", "Sub-task"),
}
_ADMINS_CREATE = {"SEC", "HR", "LEG"}
_NEVER_UNASSIGNED = {"FIN"}
_LEAD_BY_DEFAULT = {"PLAT", "FIN"}

_ENG_PROJECTS = """
PLAT Platform Engineering; MOB Mobile Apps; PLAY Player Accounts; PLAN Planning and Forecasts;
TPL Template Library; DPA Data Platform Analytics; OPS Operations; DES Design;
SEC Security Reviews; HR People Team; LEG Legal; FIN Finance Systems; EPI Portfolio Epics;
API Public API; AUT Authentication; BIL Billing; BOT Chat Bots; CAP Capacity; CAT Product Catalog;
CDN Edge Delivery; CLI Command Line; CMS Content Pages; CRM Customer Records;
CST Customer Support; DBA Databases; DEV Developer Experience; DOC Documentation; EDU Training;
EML E-mail Delivery; ENT Enterprise; EVT Events; EXP Experiments; FED Federation; FRD Fraud;
GRW Growth; HWD Hardware; INC Incidents; INF Infrastructure; INT Integrations;
IOT Connected Devices; KNO Knowledge Base; LOC Localization; LOG Logging; MAP Maps; MED Media;
MIG Migrations; MKT Marketing Site; MON Monitoring; NET Networks; NTF Notifications;
ONB Onboarding; ORD Orders; PAY Payments; PRT Partners; QA Quality; REL Releases; REP Reporting;
RES Research; RSK Risk; SDK Client Libraries; SHP Shipping; SRC Search; SRE Reliability;
STO Storage; TAX Taxes; TEL Telemetry; WEB Website; WRK Workplace
"""
_LABS_PROJECTS = "LAB Lab Notes; PROTO Prototypes; ROBO Robotics; SENS Sensors; DEMO Demonstrations"


def issue_types(site: str) -> dict[str, IssueType]:
    """Every issue type of the site by name."""
    base = SITES[site].type_base
    return {
        name: IssueType(str(base + number), name, _LEVELS.get(name, 0))
        for number, name in enumerate(_TYPE_NAMES)
    }


def _projects(site: str, text: str) -> list[Project]:
    base = SITES[site].project_base
    entries = [entry.split(None, 1) for entry in text.split(";")]
    return [
        Project(
            id=str(base + number),
            site=site,
            key=key,
            name=" ".join(name.split()),
            type_names=_TYPES_OF.get(key, _USUAL),
            admins_create=key in _ADMINS_CREATE,
            default_assignee=ADAM.id if key in _LEAD_BY_DEFAULT else None,
            allows_unassigned=key not in _NEVER_UNASSIGNED,
        )
        for number, (key, name) in enumerate(entries)
    ]


PROJECTS: dict[str, list[Project]] = {
    ENG: _projects(ENG, _ENG_PROJECTS),
    LABS: _projects(LABS, _LABS_PROJECTS),
}


@dataclass(frozen=True)
class Status:
    """A status of the one workflow that all projects share."""

    id: str
    name: str
    category: str
    transition: str
    resolution: str | None = None


STATUSES: dict[str, Status] = {
    status.id: status
    for status in (
        Status("10000", "To Do", "new", "11"),
        Status("10001", "In Progress", "indeterminate", "21"),
        Status("10002", "Done", "done", "31", resolution="10000"),
        Status("10003", "Won't do", "done", "41", resolution="10001"),
    )
}
RESOLUTIONS = {"10000": "Done", "10001": "Won't Do"}
# Ids and keys as on every real site: jira-platform.md §5.3.
CATEGORIES = {
    "undefined": (1, "No Category", "medium-gray"),
    "new": (2, "To Do", "blue-gray"),
    "indeterminate": (4, "In Progress", "yellow"),
    "done": (3, "Done", "green"),
}
PRIORITIES = {"1": "Highest", "2": "High", "3": "Medium", "4": "Low", "5": "Lowest"}


def site_by_cloud_id(cloud_id: str) -> Site | None:
    """The site, or None."""
    return next((site for site in SITES.values() if site.cloud_id == cloud_id), None)
