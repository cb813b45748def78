"""Which connections their admins are to be told of: the ticker rings for them."""

from datetime import datetime

from sqlalchemy import CompoundSelect, union_all

from app.extensions import db
from app.models.prepared import prepared
from app.services.mail import blocked_notices, outbox, suspension_notices, trouble_notices

_TELLERS = (trouble_notices, blocked_notices, suspension_notices)


def due_connections(now: datetime) -> list[int]:
    """The ids of connections of which something is untold at `now` (aware UTC), ascending.

    All of it is rare, so it is one question. None without a way to send e-mail: it is then told
    once there is one.
    """
    if not outbox.is_set_up():
        return []
    return sorted(set(db.session.scalars(*_untold(now))))


@prepared
def _untold(now: datetime) -> CompoundSelect[int]:
    return union_all(*(teller.untold(now) for teller in _TELLERS))
