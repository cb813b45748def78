"""What a field that is chosen from a list may hold, by field and project.

What was deleted meanwhile is in `state.offered`.
"""

from dataclasses import dataclass
from functools import lru_cache

from demo.jira_cloud.catalog.accounts import OLGA
from demo.jira_cloud.catalog.sites import PRIORITIES, PROJECTS, Project

MANY = 10_000


@dataclass(frozen=True)
class Option:
    """One value. `children` belong to a cascade, `archived` and `released` to a version."""

    id: str
    name: str
    children: tuple["Option", ...] = ()
    archived: bool = False
    released: bool = False
    members: tuple[str, ...] = ()


def numbered(first: int, *names: str) -> tuple[Option, ...]:
    """Options with consecutive ids."""
    return tuple(Option(str(first + number), name) for number, name in enumerate(names))


PRIORITY_OPTIONS = tuple(Option(identity, name) for identity, name in PRIORITIES.items())
# Names that a page, a query or a test may stumble over.
COLORS = ("Red", 'Green, "dark"', "<Blue>", "אדום", "Crème brûlée")
CITIES = {"Germany": ("Berlin", "Munich"), "Japan": ("Tokyo", "Osaka"), "Iceland": ()}


def cascade(first: int) -> tuple[Option, ...]:
    """Countries and their cities; Iceland has none."""
    return tuple(
        Option(
            str(first + 10 * number),
            country,
            children=numbered(first + 10 * number + 1, *cities),
        )
        for number, (country, cities) in enumerate(CITIES.items())
    )


@lru_cache
def many(first: int) -> tuple[Option, ...]:
    """Ten thousand of them."""
    return numbered(first, *(f"Building {number:05d}" for number in range(1, MANY + 1)))


def components(project: Project) -> tuple[Option, ...]:
    """The components of a project; no two projects share one."""
    return numbered(int(project.id) * 10, "API", "Web", "Build & Deploy")


def versions(project: Project) -> tuple[Option, ...]:
    """The versions of a project: an archived one, a released one, two to come."""
    old, past, *future = numbered(int(project.id) * 10, "0.9", "1.0", "1.1", "2.0")
    archived = Option(old.id, old.name, archived=True, released=True)
    return (archived, Option(past.id, past.name, released=True), *future)


def security_levels(project: Project) -> tuple[Option, ...]:
    """Who may see an issue: everybody, or Olga alone."""
    everybody, few = numbered(int(project.id) * 10 + 5, "Internal", "Directors only")
    return (everybody, Option(few.id, few.name, members=(OLGA.id,)))


def project_options(project: Project) -> tuple[Option, ...]:
    """The projects of the same site, by key."""
    return tuple(Option(each.id, each.key) for each in PROJECTS[project.site])
