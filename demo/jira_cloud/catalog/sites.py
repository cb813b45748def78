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
    """A project. `default_assignee` gets issues that name nobody.

    A team-managed one has types, statuses and custom fields of its own (jira-platform.md §11.19).
    """

    id: str
    site: str
    key: str
    name: str
    type_names: tuple[str, ...]
    admins_create: bool = False
    default_assignee: str | None = None
    allows_unassigned: bool = True
    team_managed: bool = False


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
    "TWIN": ("Task", "Epic", "Sub-task"),
}
_TEAM_MANAGED = {"TWIN"}
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
STO Storage; TAX Taxes; TEL Telemetry; WEB Website; WRK Workplace;
KIND Every Kind of Field; TWIN Every Kind in a Team-managed Project; CORE Core Services
"""
_LABS_PROJECTS = "LAB Lab Notes; PROTO Prototypes; ROBO Robotics; SENS Sensors; DEMO Demonstrations"


def issue_types(site: str) -> dict[str, IssueType]:
    """The issue types that the site's company-managed projects share, by name."""
    base = SITES[site].type_base
    return {
        name: IssueType(str(base + number), name, _LEVELS.get(name, 0))
        for number, name in enumerate(_TYPE_NAMES)
    }


def types_of(project: Project) -> dict[str, IssueType]:
    """The issue types of a project by name; a team-managed one has its own, named alike."""
    shared = issue_types(project.site)
    if not project.team_managed:
        return {name: shared[name] for name in project.type_names}
    return {
        name: IssueType(f"{project.id}{shared[name].id[-2:]}", name, shared[name].level)
        for name in project.type_names
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
            team_managed=key in _TEAM_MANAGED,
        )
        for number, (key, name) in enumerate(entries)
    ]


PROJECTS: dict[str, list[Project]] = {
    ENG: _projects(ENG, _ENG_PROJECTS),
    LABS: _projects(LABS, _LABS_PROJECTS),
}


PRIORITIES = {"1": "Highest", "2": "High", "3": "Medium", "4": "Low", "5": "Lowest"}


def site_by_cloud_id(cloud_id: str) -> Site | None:
    """The site, or None."""
    return next((site for site in SITES.values() if site.cloud_id == cloud_id), None)


def project_by_key(site: str, key: str) -> Project:
    """The project of the site; KeyError when there is none."""
    return _BY_KEY[site][key]


_BY_KEY = {site: {each.key: each for each in PROJECTS[site]} for site in PROJECTS}
