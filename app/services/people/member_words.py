"""What the People page says of a member's Jira account, and what it offers there. Pure."""

from dataclasses import dataclass

from app.models import MatchState
from app.services.labels import Chip, Sentence
from app.services.people import unmatched_words
from app.services.people.members import MatchStatus, Member

_USED = {MatchStatus.MATCHED, MatchStatus.PICKED, MatchStatus.HIDDEN}
_UNDECIDED = {
    MatchStatus.NONE,
    MatchStatus.SEVERAL,
    MatchStatus.DIFFERENT,
    MatchStatus.EXCLUDED,
    MatchStatus.NOT_SEARCHABLE,
}


@dataclass(frozen=True)
class MemberWords:
    """The account's name, or in `nobody` why there is none, and a note with the day of a choice."""

    account: str
    nobody: str
    note: Sentence
    chip: Chip
    may_confirm: bool
    may_clear: bool
    may_look_again: bool
    may_pick: bool


def words_of(member: Member, *, looking: bool, may_look: bool, account: str = "") -> MemberWords:
    """Word a member's line. looking: look-ups are under way; may_look: Jira can be asked.

    account: the connected account's name, as far as Jira told.
    """
    status = member.status
    changeable = may_look and status is not MatchStatus.PICKED
    return MemberWords(
        account=_account(member),
        nobody=_nobody(status, looking),
        note=_note(member, account or "the connected account"),
        chip=_LOOKING if looking and status is MatchStatus.UNKNOWN else _CHIPS[status],
        may_confirm=status is MatchStatus.HIDDEN,
        may_clear=status is MatchStatus.PICKED,
        may_look_again=changeable and status in _UNDECIDED,
        may_pick=changeable,
    )


def _account(member: Member) -> str:
    if member.status not in _USED or member.person is None:
        return ""
    return member.person.account_name or "Found"


def _nobody(status: MatchStatus, looking: bool) -> str:
    if status in _USED:
        return ""
    if status is not MatchStatus.UNKNOWN:
        return "None"
    if looking:
        return "Looking in Jira…"
    return "Not known now: it was not looked up, or more than 7 days ago."


def _note(member: Member, account: str) -> Sentence:
    if member.status is MatchStatus.PICKED and member.person is not None:
        picked_by = member.person.picked_by
        by = f"By {picked_by.name}," if picked_by else ""
        return Sentence(by, member.person.found_at, ".")
    if member.status is MatchStatus.HIDDEN:
        return Sentence(_HIDDEN)
    if member.status not in _UNDECIDED:
        return Sentence("")
    first_name = member.membership.user.name.split()[0]
    said = unmatched_words.words_of(MatchState(member.status.value), first_name, account)
    return Sentence(f"{said.fact}. {said.advice}" if said else "")


_LOOKING = Chip("syncing", "refresh", "Looking…", spin=True)
_CHIPS = {
    MatchStatus.MATCHED: Chip("ready", "circle-check", "Matched"),
    MatchStatus.PICKED: Chip("ready", "user-check", "Picked by hand"),
    MatchStatus.HIDDEN: Chip("limited", "eye-off", "E-mail hidden"),
    MatchStatus.SEVERAL: Chip("limited", "users", "Several"),
    MatchStatus.DIFFERENT: Chip("limited", "user-question", "Different e-mail"),
    MatchStatus.NONE: Chip("blocked", "user-off", "Not found"),
    MatchStatus.EXCLUDED: Chip("limited", "user-off", "Cannot be assigned"),
    MatchStatus.NOT_SEARCHABLE: Chip("blocked", "eye-off", "Cannot be looked up"),
    MatchStatus.UNKNOWN: Chip("idle", "circle-dashed", "Not checked now"),
}
_HIDDEN = "The only account found, but Jira hides its e-mail. Used unless you pick another."
