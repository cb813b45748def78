"""What the page before Commit says: who gets which issue, and what is not known yet. Pure."""

from dataclasses import dataclass, field

from app.models import CheckState, LinkState, MatchState, ProjectMapping
from app.services.fields.table import SYNCED_FIELDS
from app.services.fields.table import words_of as fields_words_of
from app.services.labels import plural
from app.services.mapping.checks import Finding, denied_by
from app.services.panel.advice import JIRA_SETTINGS, Place
from app.services.people import unmatched_words

_HIDDEN = "Jira hides {name}’s e-mail. The only account found is used."
_NOT_CHECKED = ("was not checked yet", "were not checked yet")
_BY_HIDDEN = ("is matched by a hidden e-mail", "are matched by a hidden e-mail")
# Of what was sent off before, and has no issue yet.
UNDER_WAY = ("is on its way already", "are on their way already")
FAILED = ("has a sync error", "have sync errors")
_UNCHECKED = "Nobody has looked for {name} in Jira yet. That is done when the issue is created."


@dataclass(frozen=True)
class Owner:
    """Who an item belongs to. match: None where nobody has looked, or not lately."""

    name: str
    match: MatchState | None


@dataclass(frozen=True)
class OwnerWords:
    """What stands in the column of assignees.

    person: whether the owner is shown as a person; else `icon` and `words`, in `tone` (`warn`).
    note: what to know beforehand, empty if nothing. outcome: what becomes of such an issue, of one
    and of several ("gets no assignee", "get no assignee"); None where all is well.
    """

    person: bool = False
    icon: str = ""
    words: str = ""
    tone: str = ""
    note: str = ""
    outcome: tuple[str, str] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Notice:
    """A heading in bold and a sentence. `endpoint` is a page of settings, for admins alone."""

    tone: str
    heading: str
    sentence: str
    asks_admin: bool = False
    endpoint: str | None = None
    link: str = ""


@dataclass(frozen=True)
class Counts:
    """Items by what becomes of them, and how many have a note. gone: their issue was deleted.
    under_way, failed: they were sent off before and have no issue yet. new: those of `created` that
    were written here. carried: of those that come from another retrospective, what has its issue
    or gets one."""

    created: int
    with_issue: int
    unlinked: int
    noted: int = 0
    gone: int = 0
    under_way: int = 0
    failed: int = 0
    new: int = 0
    carried: int = 0

    @property
    def all(self) -> int:
        begun = self.under_way + self.failed
        return self.created + self.with_issue + self.unlinked + self.gone + begun


@dataclass(frozen=True)
class PreviewWords:
    lede: str
    notices: list[Notice]
    button: str
    hint: str


def owner_words(owner: Owner | None, place: Place, *, looking: bool) -> OwnerWords:
    """Word the assignee of an issue that is to be created. looking: somebody is being looked up."""
    if owner is None:
        return OwnerWords(words="Unassigned")
    name = owner.name.split()[0]
    if owner.match is None:
        note = "" if looking else _UNCHECKED.format(name=name)
        return OwnerWords(
            icon="circle-dashed", words="Not checked yet", note=note, outcome=_NOT_CHECKED
        )
    said = unmatched_words.words_of(owner.match, name, place.account)
    if said:
        # The project is asked when the issue is created: it may take whom another one did not.
        asked_again = owner.match is MatchState.EXCLUDED
        unless = f"unless {place.project} takes {name} by then" if asked_again else ""
        note = f"{said.fact}. {_otherwise(place, unless)} {said.advice_for_others}"
        outcome = _outcome(place, certain=not asked_again)
        return OwnerWords(
            icon="user-question", words=said.short, tone="warn", note=note, outcome=outcome
        )
    if owner.match is not MatchState.HIDDEN:
        return OwnerWords(person=True)
    return OwnerWords(person=True, note=_HIDDEN.format(name=name), outcome=_BY_HIDDEN)


def _outcome(place: Place, *, certain: bool) -> tuple[str, str]:
    if place.substitute_id is None:
        one, several, perhaps = "gets no assignee", "get no assignee", "may get no assignee"
    else:
        instead = f"assigned to {place.substitute or 'somebody else'} instead"
        one, several, perhaps = f"is {instead}", f"are {instead}", f"may be {instead}"
    return (one, several) if certain else (perhaps, perhaps)


def issue_words(
    key: str | None,
    type_name: str | None,
    *,
    begun: LinkState | None = None,
    unlinked: bool,
    gone: bool = False,
) -> str:
    """What becomes of an item: the key of its issue, or a new one of the type. begun: the state of
    a link that has no issue yet. gone: its issue was deleted. Commit creates no other one then."""
    if gone:
        return f"{key} was deleted in Jira"
    if key is not None:
        return f"Already {key}"
    if begun is not None:
        return "Sync error" if begun is LinkState.ERROR else "On its way already"
    if unlinked:
        return "Stays unlinked"
    return f"New {type_name}" if type_name else "None"


def sends_words(field_ids: list[str]) -> str:
    """ "Sends: title, due date"; empty where nothing is."""
    return f"Sends: {fields_words_of(field_ids)}" if field_ids else ""


def words_of(
    mapping: ProjectMapping | None,
    counts: Counts,
    team: str,
    trouble: str,
    missing: list[str],
    left_open: int = 0,
) -> PreviewWords:
    """Word the page around the table.

    trouble: what keeps everything waiting, in a sentence. missing: fields that the screen lacks.
    left_open: action items of before that nobody has decided on.
    """
    notices = _obstacles(mapping, team)
    if trouble:
        notices.append(
            Notice(
                "warn", trouble, "The action items wait, and go out after that.", True,
                JIRA_SETTINGS, "Open the Jira settings",
            )
        )  # fmt: skip
    if mapping and missing:
        heading = f"{', '.join(missing)}: not on this project’s create screen."
        notices.append(Notice("warn", heading, "The issues are created without."))
    denied = denied_by(map(Finding.kept, mapping.findings or [])) if mapping else frozenset()
    if mapping and denied:
        names = ", ".join(field.label for field in SYNCED_FIELDS if field.id in denied)
        heading = f"{names}: not ours to set in {mapping.project_key}."
        notices.append(Notice("warn", heading, "The issues are created without."))
    if mapping and counts.noted:
        one = counts.noted == 1
        heading = f"{counts.noted} {'has' if one else 'have'} a note."
        as_it_is = "It can be committed as it is." if one else "They can be committed as they are."
        notices.append(Notice("warn", heading, as_it_is))
    if left_open:
        notices.append(_undecided(left_open))
    hint = "Each issue links back to this retrospective. Cards and votes stay in Unpack."
    return PreviewWords(
        _lede(mapping, counts, team),
        notices,
        _button(mapping, counts),
        hint if mapping and counts.created else "",
    )


def _undecided(count: int) -> Notice:
    verb, rest = "are", "They stay so, and the next retrospective shows them again."
    if count == 1:
        verb, rest = "is", "It stays so, and the next retrospective shows it again."
    heading = f"{plural(count, 'action item')} of last time {verb} open and not carried over."
    return Notice("busy", heading, rest)


def _obstacles(mapping: ProjectMapping | None, team: str) -> list[Notice]:
    if mapping is None:
        heading = f"No Jira project is chosen for {team}."
        sentence = "You can commit now; the action items go out when one is chosen."
        return [Notice("warn", heading, sentence, True, JIRA_SETTINGS, "Choose a project")]
    if mapping.check_state is CheckState.BLOCKED:
        place = f"{mapping.project_key} · {mapping.issue_type_name}"
        sentence = f"The last check of {place} found a problem."
        heading = "Jira will probably refuse these."
        return [Notice("bad", heading, sentence, True, JIRA_SETTINGS, "See the check")]
    return []


def _lede(mapping: ProjectMapping | None, counts: Counts, team: str) -> str:
    if mapping is None:
        stays = "stays" if counts.all == 1 else "stay"
        items = plural(counts.all, "action item")
        return f"{items} {stays} in Unpack only: no Jira project is chosen for {team}."
    others = [
        f"{counts.with_issue} {_have(counts.with_issue, 'its issue', 'their issues')} already"
        if counts.with_issue
        else "",
        f"{counts.unlinked} {'stays' if counts.unlinked == 1 else 'stay'} unlinked"
        if counts.unlinked
        else "",
        f"{counts.gone} {_have(counts.gone, 'a deleted issue', 'deleted issues')}"
        if counts.gone
        else "",
        plural(counts.under_way, *UNDER_WAY) if counts.under_way else "",
        plural(counts.failed, *FAILED) if counts.failed else "",
    ]
    if not counts.created:
        if counts.with_issue == counts.all:
            return "Every action item has its issue already. Nothing is created."
        return f"{', '.join(filter(None, others))}. Nothing is created."
    become = "becomes" if counts.created == 1 else "become"
    created = (
        f"{plural(counts.created, 'action item')} {become} "
        f"{plural(counts.created, mapping.issue_type_name)} in "
        f"{mapping.project_key} · {mapping.project_name}"
    )
    return f"{', '.join(filter(None, [created, *others]))}. Nothing has been sent yet."


def _have(count: int, one: str, many: str) -> str:
    return f"has {one}" if count == 1 else f"have {many}"


def _button(mapping: ProjectMapping | None, counts: Counts) -> str:
    """What goes out is counted, and what was carried over, which comes along either way; where
    nothing goes out, the phase moves and that is all."""
    if mapping is not None and not counts.created:
        return "Continue to Commit"
    if not counts.carried:
        return f"Commit {plural(counts.created if mapping else counts.all, 'action item')}"
    new = f"{counts.new} new, " if counts.new else ""
    many = plural(counts.new + counts.carried, "action item")
    return f"Commit {many}: {new}{counts.carried} carried over"


def _otherwise(place: Place, unless: str) -> str:
    """What becomes of an issue whose owner is not matched."""
    said = "The issue is created without an assignee"
    if place.substitute_id is not None:
        said = (
            f"The issue is assigned to {place.substitute or 'the person chosen for this'} instead"
        )
    return f"{said}, {unless}." if unless else f"{said}."
