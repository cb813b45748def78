"""Fills a migrated database with years of action items, in bulk: 10³ to 10⁶ in seconds.

`python -m bench.fill DATABASE_URL ITEMS [--organizations N] [--days D]`

Rows are written past the models, as a restore or an import would. The items are spread evenly over
the days until now; the Sync Log has the entries that it keeps. Of the newest some have failed, are
under way, or are open; what is older is nearly all settled.
"""

import argparse
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Engine, column, func, insert, select, table, text
from sqlalchemy.orm import Session

from app.clock import utcnow
from app.models import (
    ConnectionState,
    JiraConnection,
    JiraSettings,
    Membership,
    Organization,
    Plan,
    Retrospective,
    Role,
    Team,
    TeamMember,
    User,
)
from app.services.sign_in import hashing
from bench import founding
from bench.founding import HASH_METHOD, PASSWORD
from bench.years import FIVE_YEARS, WRITTEN, History, Place, Row

ADMIN, MEMBER = "admin@bench.test", "member@bench.test"
TEAMS, FEW_TEAMS = 20, 2
BATCH = 20_000


@dataclass(frozen=True)
class Filled:
    """What pages are asked of: an organization, its first team and its latest retrospective."""

    slug: str
    team_id: int
    retrospective_id: int
    items: int


def fill(engine: Engine, items: int, *, organizations: int = 1, days: int = FIVE_YEARS) -> Filled:
    """Write `items` action items, as many for each of so many new organizations.

    ADMIN owns the first of them, MEMBER is in its first team; both know PASSWORD.
    """
    places = found(engine, organizations, TEAMS if organizations == 1 else FEW_TEAMS)
    with engine.connect() as connection:
        history = History(places, items, days, _numbers(connection))
        with _without_upkeep(connection):
            for name, columns, rows in history.tables():
                _write(connection, name, columns, rows)
        _leave_numbers_behind(connection)
        latest = connection.execute(
            select(func.max(Retrospective.id)).where(
                Retrospective.team_id.in_(places[0].team_ids),
                Retrospective.title == History.LAST,
            )
        ).scalar_one()
        connection.commit()
    if engine.dialect.name == "postgresql":  # as autovacuum does by itself after a while
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return Filled(places[0].slug, places[0].team_ids[0], latest, items)


def write_more(engine: Engine, place: Place, items: int) -> float:
    """One retrospective more, of at most 50 items, in one transaction; the seconds that it took.

    Indexes and triggers are kept with each row, as they are for whoever uses Unpack.
    """
    with engine.connect() as connection:
        history = History([place], items, 1, _numbers(connection))
        written = [(name, columns, list(rows)) for name, columns, rows in history.tables()]
        connection.rollback()
        began = time.perf_counter()
        for name, columns, rows in written:
            _write(connection, name, columns, rows)
        connection.commit()
        return time.perf_counter() - began


def found(engine: Engine, organizations: int = 1, teams: int = TEAMS) -> list[Place]:
    """So many new organizations with so many teams each. ADMIN owns the first of them."""
    with Session(engine) as session:
        admin, member = (_person(session, email) for email in (ADMIN, MEMBER))
        first = session.scalar(select(func.coalesce(func.max(Organization.id), 0))) or 0
        places = [
            _organization(session, number, teams, (admin, member), known=number == first)
            for number in range(first, first + organizations)
        ]
        session.commit()
    return places


def _person(session: Session, email: str) -> User:
    found: User | None = session.scalar(select(User).where(User.email == email))
    if found is not None:
        return found
    now = utcnow()
    person = User(
        email=email,
        name=email.partition("@")[0].capitalize(),
        password_hash=hashing.make(PASSWORD, HASH_METHOD),
        password_chosen_at=now,
    )
    session.add(person)
    session.flush()
    return person


def _organization(
    session: Session, number: int, teams: int, people: tuple[User, User], *, known: bool
) -> Place:
    """Connected and mapped. known: the first of `people` owns it, the other is in a team of it."""
    name = f"Organization {number}"
    made = Organization(slug=f"organization-{number}", name=name, plan=Plan.PRO)
    made.teams = [Team(name=f"Team {each:03}") for each in range(teams)]
    admin, member = people
    if known:
        made.memberships = [
            Membership(user=admin, role=Role.OWNER),
            Membership(user=member, role=Role.MEMBER),
        ]
        made.teams[0].team_members = [TeamMember(user=member, facilitator=True)]
    now = utcnow()
    connection = JiraConnection(
        organization=made,
        state=ConnectionState.CONNECTED,
        cloud_id=f"cloud-{number}",
        site_url=f"https://site-{number}.atlassian.net",
        site_name=f"Site {number}",
        account_id="service",
        account_name="Service",
        connected_at=now,
        projects_fetched_at=now,
    )
    session.add_all([made, connection, JiraSettings(organization=made, version=1)])
    session.flush()
    session.add(founding.mapping_to_platform(made.id, str(connection.cloud_id), now))
    session.flush()
    team_ids = [team.id for team in made.teams]
    return Place(made.slug, made.id, team_ids, connection.id, admin.id, member.id)


def _write(connection: Connection, name: str, columns: str, rows: Iterable[Row]) -> None:
    names = columns.split()
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
        copied = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, names))
        )
        with driver.cursor() as cursor, cursor.copy(copied) as copy:
            for row in rows:
                copy.write_row(row)
        return
    statement = str(insert(table(name, *map(column, names))).compile(connection))
    connection.execute(text("SELECT 1"))  # begins a transaction
    found = iter(rows)
    while batch := list(islice(found, BATCH)):
        driver.executemany(statement, batch)


def _numbers(connection: Connection) -> dict[str, int]:
    """The largest id of each table that is written."""
    return {
        each.__tablename__: connection.scalar(select(func.coalesce(func.max(each.id), 0))) or 0
        for each in WRITTEN
    }


@contextmanager
def _without_upkeep(connection: Connection) -> Iterator[None]:
    """Indexes and searched text are kept row by row: in bulk, they are made anew afterwards.

    On PostgreSQL this is a superuser's. Triggers do not run: each item has a link, and each row is
    given what they would write.
    """
    on_sqlite = connection.dialect.name == "sqlite"
    kept = connection.execute(text(KEPT_BY_SQLITE if on_sqlite else KEPT_BY_POSTGRESQL)).all()
    for each in kept:
        connection.exec_driver_sql(f"DROP {each.kind} {each.name}")
    if not on_sqlite:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    yield
    for each in kept:
        connection.exec_driver_sql(each.made)
    for name in ("action_item_text", "issue_link_text", "sync_entry_text") if on_sqlite else ():
        searched = table(name, column(name))  # an FTS5 table takes orders as rows
        connection.execute(insert(searched).values({name: "rebuild"}))


NAMES = ", ".join(f"'{each.__tablename__}'" for each in WRITTEN)
KEPT_BY_SQLITE = (
    "SELECT type AS kind, name, sql AS made FROM sqlite_master WHERE sql IS NOT NULL "  # noqa: S608
    f"AND tbl_name IN ({NAMES}) AND type IN ('index', 'trigger') ORDER BY type"
)
KEPT_BY_POSTGRESQL = (
    "SELECT 'INDEX' AS kind, indexname AS name, indexdef AS made FROM pg_indexes "  # noqa: S608
    f"WHERE tablename IN ({NAMES}) AND NOT EXISTS "
    "(SELECT 1 FROM pg_constraint WHERE conindid = indexname::regclass)"
)


def _leave_numbers_behind(connection: Connection) -> None:
    """PostgreSQL numbers what comes after from here on."""
    if connection.dialect.name != "postgresql":
        return
    for model in WRITTEN:
        sequence = func.pg_get_serial_sequence(model.__tablename__, "id")
        last = select(func.coalesce(func.max(model.id), 0) + 1).scalar_subquery()
        connection.execute(select(func.setval(sequence, last)))


def main() -> None:
    """Fill the database that the first argument names."""
    from sqlalchemy import create_engine

    parser = argparse.ArgumentParser(prog="python -m bench.fill", description=__doc__)
    parser.add_argument("database_url")
    parser.add_argument("items", type=int)
    parser.add_argument("--organizations", type=int, default=1)
    parser.add_argument("--days", type=int, default=FIVE_YEARS)
    asked = parser.parse_args()
    engine = create_engine(asked.database_url)
    fill(engine, asked.items, organizations=asked.organizations, days=asked.days)


if __name__ == "__main__":
    main()
