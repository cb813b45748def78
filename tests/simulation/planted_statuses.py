"""Planted faults about the status that an issue owes."""

from datetime import datetime
from typing import Any

from app.drain import transitions
from app.extensions import db
from app.models import IssueLink
from app.services import item_changes
from app.services.inbound import own_echoes
from app.services.outbound import owed_statuses, transition_choice, transition_records
from app.services.outbound.transition_choice import Result
from tests.simulation.planted_fault import Fault, both, replaced


def _is_news(*_: Any) -> bool:
    return False


def _opened_by_nobody(_: Any) -> dict[int, datetime]:
    return {}


def _arrives_unheard(lease: Any, due: Any, way: Any, call: Any) -> None:
    """What was known of the issue before stays."""
    link = db.session.get_one(IssueLink, due.link_id)
    before = link.status_category
    _arrived(lease, due, way, call)
    link.status_category = before
    db.session.flush()


def _at_once(own: Any, now: datetime) -> datetime:
    return now


def _never_void(*arguments: Any) -> Result:
    result = _result_of(*arguments)
    return Result.OWED if result is Result.VOID else result


def _any_resolution(field: Any, _: Any, __: Any) -> str | None:
    """The first that the screen has, whatever was chosen."""
    ids = [each.id for each in field.allowed_values if each.id is not None]
    return ids[0] if ids and field.id == transition_choice.RESOLUTION else None


def _nothing(*_: Any) -> None: ...


_arrived = transition_records.arrived
_result_of = transition_choice.result_of

FAULTS = (
    Fault("an echo completes", "what a transition of ours has done is no news (design.md §2.11)",
          both(replaced(own_echoes, "is_echo", _is_news),
               replaced(item_changes, "opened_at", _opened_by_nobody),
               replaced(transition_records, "arrived", _arrives_unheard)), "quarrels"),
    Fault("it fights", "two transitions in ten minutes at most (design.md §2.11)",
          replaced(transition_choice, "free_at", _at_once), "statuses"),
    Fault("Jira's later word", "who decided in Jira since, is not overruled (design.md §2.11)",
          both(replaced(transition_choice, "result_of", _never_void),
               replaced(transitions, "result_of", _never_void)), "quarrels"),
    Fault("taken back is sent", "the latest press counts (design.md §2.11)",
          replaced(owed_statuses, "void", _nothing), "statuses"),
    Fault("opened owes nothing", "what was completed before its link owes, too (design.md §2.11)",
          replaced(owed_statuses, "opened", _nothing), "statuses"),
    Fault("a resolution is guessed", "what was chosen, or suggested, is sent (design.md §2.11)",
          replaced(transition_choice, "_resolution", _any_resolution), "resolutions"),
    Fault("a resolution comes too late", "what lacked one is tried again (design.md §2.11)",
          replaced(owed_statuses, "resolution_chosen", _nothing), "resolutions"),
)  # fmt: skip
