"""Why an owner is not assigned, and who can do what about it: the same words on every page. Pure.

Panel, Sync Log, preview and People page say it alike, each in a sentence of its own.
"""

from dataclasses import dataclass

from app.models import AssigneeNote, MatchState
from app.services.people.matches import STATE_OF


@dataclass(frozen=True)
class UnmatchedWords:
    """fact: begins a sentence and has no full stop. short: for a column.

    admin, others: what to do, as it goes on after "or"; an admin can open the People page.
    """

    fact: str
    short: str
    admin: str
    others: str

    @property
    def advice(self) -> str:
        """What an admin can do, as a sentence on the People page."""
        return sentence(self.admin.removesuffix(" in People"))

    @property
    def advice_for_others(self) -> str:
        """What everybody else can do, as a sentence."""
        return sentence(self.others)


def words_of(state: MatchState, name: str, account: str) -> UnmatchedWords | None:
    """Word what a look-up found; None where it found an account that is used.

    name: the owner's first one. account: the connected account's, or "the connected account".
    """
    if state not in _WORDS:
        return None
    words = _WORDS[state]
    names = {"name": name, "account": account, "Account": account[:1].upper() + account[1:]}
    return UnmatchedWords(
        words.fact.format(**names),
        words.short.format(**names),
        words.admin.format(**names),
        words.others.format(**names),
    )


def words_of_note(note: AssigneeNote, name: str, account: str) -> UnmatchedWords | None:
    """The same for what an issue went out with."""
    state = STATE_OF.get(note)
    return words_of(state, name, account) if state else None


def sentence(clause: str) -> str:
    """ "pick the account" as a sentence of its own."""
    return f"{clause[:1].upper()}{clause[1:]}."


def _to_be_picked(fact: str) -> UnmatchedWords:
    return UnmatchedWords(
        fact,
        "No match for {name}",
        "pick {name}’s Jira account in People",
        "ask an admin to pick {name}’s Jira account",
    )


_IN_JIRA = "ask a Jira admin to let {name} be assigned there"
_WORDS = {
    MatchState.NONE: _to_be_picked("{name}’s e-mail matches nobody active in Jira"),
    MatchState.SEVERAL: _to_be_picked("{name}’s e-mail matches several people in Jira"),
    MatchState.DIFFERENT: _to_be_picked(
        "The only account that Jira finds for {name} shows another e-mail"
    ),
    # In the project that was asked: another team's may well take them.
    MatchState.EXCLUDED: UnmatchedWords(
        "{name} has a Jira account that is inactive or could not be assigned issues where we "
        "looked",
        "{name} could not be assigned",
        f"{_IN_JIRA}, then look again in People",
        _IN_JIRA,
    ),
    MatchState.NOT_SEARCHABLE: UnmatchedWords(
        "{Account} may not look for {name} in Jira",
        "{name} cannot be looked up",
        "ask a Jira admin to give {account} the permission Browse users and groups, then look "
        "again in People",
        "ask an admin",
    ),
}
