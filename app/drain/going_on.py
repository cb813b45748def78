"""Whether a drain goes on: asked again before each of what leaves one after the other."""

from collections.abc import Callable

from app.drain.current import Current
from app.extensions import db
from app.services.work import leases
from app.services.work.leases import Lease
from app.stopping import stop_requested

# What must hold for what is to leave: `fence.may_send`, `fence.may_read`.
Rule = Callable[[Lease], bool]


def has_right(current: Current, rule: Rule) -> bool:
    """Whether the drain, whose lease is prolonged, still has the right to go on."""
    return leases.renew(current.lease) and rule(current.lease)


def may_go_on(current: Current, rule: Rule) -> bool:
    """The same, and nobody asks it to stop. Without, its end gives all back. Commits."""
    may = not stop_requested() and has_right(current, rule)
    db.session.commit()
    return may
