"""All that is looked at, in the order in which it would be mended."""

from collections.abc import Callable, Iterator

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from app import clock
from app.extensions import answer_by, db
from app.operations.doctor import inside, restored, searches, service_levels, surroundings
from app.operations.doctor.finding import Finding, amber

PATIENCE = 10.0  # seconds that the database has for each of them

Examined = Callable[[], Iterator[Finding]]

ALL: dict[str, Examined] = {
    "configuration": inside.configuration,
    "database": inside.database,
    "search": searches.searches,
    "redis": inside.redis,
    "processes": inside.processes,
    "mail": surroundings.mail,
    "way in": surroundings.way_in,
    "atlassian": surroundings.atlassian,
    "webhooks": surroundings.webhooks,
    "hold": restored.on_hold,
    "service levels": service_levels.service_levels,
}


def findings() -> Iterator[Finding]:
    """Each as soon as it is known. Writes nothing."""
    for subject, examined in ALL.items():
        answer_by.set(clock.monotonic() + PATIENCE)
        try:
            yield from examined()
        except (DBAPIError, NoFreeConnection):  # said by `database`
            yield amber(subject, "not known while the database cannot be asked", "mend that first")
        finally:
            db.session.rollback()
