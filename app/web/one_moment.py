"""What a page says comes from one moment: a worker that ends something meanwhile does not make it
say that something is under way, and yet not ask again."""

from sqlalchemy import Connection, Engine, event

from app.extensions import writing


def only_read_from_now_on() -> None:
    """To be said once a request has committed: what it reads then is drawn, and nothing written."""
    writing.set(False)


@event.listens_for(Engine, "begin")
def _see_one_moment(connection: Connection) -> None:
    """On PostgreSQL, too: there, each statement of a transaction would see what is newest."""
    if connection.dialect.name == "postgresql" and not writing.get():
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
