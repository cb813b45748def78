"""What a page says comes from one moment: a worker that ends something meanwhile does not make it
say that something is under way, and yet not ask again.

SQLite gives that to whatever reads; how PostgreSQL is made to, `app/extensions.py` says.
"""

from app.extensions import writing


def only_read_from_now_on() -> None:
    """To be said once a request has committed: what it reads then is drawn, and nothing written."""
    writing.set(False)
