"""The sentence under an action item's row: what happened, and who can do what about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.clock import utcnow
from app.models import ActionItem, AssigneeNote, FailureCode, Finishing, IssueLink
from app.models.field_note import NoteReason, notes_of
from app.services.fields.table import words_of
from app.services.labels import plural
from app.services.panel.advice import Advice, Place, advice_for, listed
from app.services.people import unmatched_words
from app.services.people.matches import UNMATCHED


@dataclass(frozen=True)
class Message:
    """`admin` is for Owners and Admins, with a link to the settings page `endpoint`; `others` is
    the same for everybody else. `quote` is Jira's own sentence and never mixed with ours. `cause`
    names what other items may have, too; what has the same is told in the same words but for the
    quote. Empty: it is this item's alone. `in_jira`: where the issue is that somebody has to move.
    """

    tone: str
    admin: str
    others: str
    heading: str = ""
    quote: str = ""
    endpoint: str | None = None
    link: str | None = None
    cause: str = ""
    in_jira: str = ""


def same_for_all(tone: str, sentence: str) -> Message:
    """A message that tells everybody the same."""
    return Message(tone, sentence, sentence)


def dropped(reason: str | None) -> Message | None:
    """Why an action item was dropped, as whoever did it wrote."""
    return same_for_all("", f"Why: “{reason}”") if reason else None


def failure(link: IssueLink, place: Place) -> Message:
    """What a link in sync error says."""
    advice = _advice(link, place)
    return Message(
        "bad",
        advice.admin,
        advice.others,
        heading=advice.heading,
        quote=link.failure_message or "",
        endpoint=advice.endpoint,
        link=advice.link,
        cause=_cause(link, place),
    )


def being_finished(finishing: Finishing) -> Message:
    """Somebody creates its issue in Jira themselves."""
    who = finishing.user.name
    return same_for_all("", f"{who} is finishing this in Jira. Nothing is created meanwhile.")


def differs(link: IssueLink, fields: int) -> Message:
    """The issue was chosen by a person, and holds something else; its page shows what."""
    verb = "differs" if fields == 1 else "differ"
    return same_for_all(
        "",
        f"Linked to {link.issue_key}. {plural(fields, 'field')} {verb} there; nothing was changed "
        "on either side.",
    )


def elsewhere(place: Place) -> Message:
    """The issue is on another site than the connected one."""
    advice = advice_for(FailureCode.OTHER_SITE, place)
    return Message("", advice.admin, advice.others, heading=advice.heading)


def retry(link: IssueLink, place: Place) -> Message:
    """What a link says that will be tried again: usually there is nothing to do."""
    place = replace(place, again="")
    advice = _advice(link, place)
    if not advice.fixable or link.failure_code is FailureCode.CONFLICT:
        return same_for_all("warn", f"{advice.heading}. Nothing for you to do.")
    message = failure(link, place)
    return replace(message, tone="warn", cause=message.cause and f"{message.cause} retried")


def two_issues(keys: Sequence[str]) -> Message:
    """Jira holds more than the one issue that is linked."""
    advice = advice_for(FailureCode.TWO_ISSUES, Place(), tuple(keys))
    return Message("bad", advice.admin, advice.others, heading=advice.heading)


def unseen(link: IssueLink, place: Place) -> Message:
    """The account lost sight of the issue: the connection's trouble, not the item's."""
    account = place.account[:1].upper() + place.account[1:]
    project = _project(link, place)
    fact = f"{account} can no longer see the issues of {project}."
    return Message(
        "warn",
        f"{fact} Ask a Jira admin to let it browse the project, then choose Sync to Jira.",
        f"{fact} Ask an admin.",
        cause=f"unseen {project}",
    )


def assignee(item: ActionItem, link: IssueLink, note: AssigneeNote, place: Place) -> Message:
    """Why the issue is not assigned to the item's owner, and to whom it is instead."""
    name = item.assignee.name.split()[0] if item.assignee else "The owner"
    key = link.issue_key or "the issue"
    outcome = _outcome(key, link, place)
    unmatched = unmatched_words.words_of_note(note, name, place.account)
    if unmatched:
        fact = f"{unmatched.fact}, so {outcome}."
        by_link = note in _PICKING_HELPS
        message = Message(
            "warn",
            f"{fact} {_assign_or('' if by_link else unmatched.admin, link)}".rstrip(),
            f"{fact} {_assign_or(unmatched.others, link)}",
        )
    else:
        sentence = _ASSIGNEE[note].format(name=name, key=key, outcome=outcome)
        message = same_for_all("warn", f"{sentence} {_remedy(link, note)}".rstrip())
    if note not in _PICKING_HELPS or item.assignee is None:
        return message
    return replace(message, endpoint="people.index", link=f"Match {name} in People")


def _assign_or(remedy: str, link: IssueLink) -> str:
    """What helps this issue, and what helps those to come."""
    if (link.snapshot or {}).get("assignee"):
        return unmatched_words.sentence(remedy) if remedy else ""
    return f"Assign it in Jira, or {remedy}." if remedy else "Assign it in Jira."


def left_out(link: IssueLink, place: Place) -> Message | None:
    """Which fields the issue lacks, or has otherwise than they stand here, and why."""
    names: dict[str, list[str]] = {}
    now = utcnow()
    for name, note in notes_of(link).items():
        follows = link.sprint_due_at is not None and note.until is not None and note.until > now
        sentence = _FOLLOWS[note.reason] if follows else _LEFT_OUT[note.reason]
        names.setdefault(sentence, []).append(note.name or words_of([name]))
    project = link.issue_key.rpartition("-")[0] if link.issue_key else place.project
    account = place.account[:1].upper() + place.account[1:]
    sentences = [
        sentence.format(
            fields=listed(tuple(each)),
            it="it" if len(each) == 1 else "them",
            key=link.issue_key or "the issue",
            project=project,
            account=account,
        )
        for sentence, each in names.items()
    ]
    return same_for_all("none", " ".join(sentences)) if sentences else None


def both(message: Message, other: Message | None) -> Message:
    """The first, which has its own remedy, and what the other tells."""
    if other is None:
        return message
    return replace(
        message, admin=f"{message.admin} {other.admin}", others=f"{message.others} {other.others}"
    )


def _outcome(key: str, link: IssueLink, place: Place) -> str:
    account_id = (link.snapshot or {}).get("assignee")
    if account_id is None:
        return f"{key} has no assignee"
    if account_id == place.substitute_id and place.substitute:
        return f"{key} is assigned to {place.substitute} instead"
    return f"{key} is assigned to somebody else"


def _remedy(link: IssueLink, note: AssigneeNote) -> str:
    if note is AssigneeNote.NOT_ON_SCREEN or (link.snapshot or {}).get("assignee"):
        return ""
    refused = note is AssigneeNote.NOT_ASSIGNABLE
    return "Assign somebody else in Jira." if refused else "Assign it in Jira."


def _advice(link: IssueLink, place: Place) -> Advice:
    code = link.failure_code or FailureCode.REFUSED
    place = replace(place, project=_project(link, place))
    return advice_for(code, place, tuple(link.failure_fields or ()))


def _project(link: IssueLink, place: Place) -> str:
    """An issue stays in its project, whatever the team is mapped to by now."""
    return link.issue_key.rpartition("-")[0] if link.issue_key else place.project


def _cause(link: IssueLink, place: Place) -> str:
    """The verdict, with what it is about: the same project, type and fields."""
    code = link.failure_code
    if code not in _SHARED:
        return ""
    parts = [code.value]
    if code not in {FailureCode.JIRA_UNAVAILABLE, FailureCode.TURNED_AWAY}:
        parts.append(_project(link, place))
    if code in _OF_THE_TYPE:
        parts += [place.issue_type, *(link.failure_fields or ())]
    return " ".join(parts)


# What is wrong with a project, a type or the connection, and not with one item.
_OF_THE_TYPE = {FailureCode.ISSUE_TYPE_GONE, FailureCode.REQUIRED_FIELD}
_SHARED = _OF_THE_TYPE | {
    FailureCode.JIRA_UNAVAILABLE,
    FailureCode.TURNED_AWAY,
    FailureCode.MAY_NOT_CREATE,
    FailureCode.MAY_NOT_EDIT,
    FailureCode.MAY_NOT_BROWSE,
    FailureCode.PROJECT_GONE,
    FailureCode.PROJECT_ARCHIVED,
    FailureCode.OUTCOME_UNSEEN,
    FailureCode.NOT_MAPPED,
}
# An admin can say whose account it is.
_PICKING_HELPS = UNMATCHED - {AssigneeNote.EXCLUDED, AssigneeNote.NOT_SEARCHABLE}
_LEFT_OUT: dict[NoteReason, str] = {
    NoteReason.NOT_ON_SCREEN: "The screen of {key} has no place for the {fields}, so it lacks "
    "{it}.",
    NoteReason.NOT_PERMITTED: "{account} may not set the {fields} in {project}, so {key} lacks "
    "{it}.",
    NoteReason.REFUSED: "{project} would not take the {fields}, so {key} lacks {it}.",
    NoteReason.NOT_MATCHED: "Nobody was found in Jira for {fields}, so {key} lacks {it}.",
    NoteReason.NO_SPRINT: "No sprint was active when {key} was created, so it lacks the {fields}.",
    NoteReason.SEVERAL_SPRINTS: "Several sprints were active when {key} was created, so it lacks "
    "the {fields}. An admin can choose a board.",
    NoteReason.PLAIN: "Jira could not read the {fields} as written, so {key} has {it} without "
    "styles.",
}
# The active sprint, as long as it is looked for.
_FOLLOWS: dict[NoteReason, str] = {
    NoteReason.NO_SPRINT: "No sprint was active when {key} was created. It gets the {fields} if "
    "one is within ten minutes.",
    NoteReason.REFUSED: "{project} would not take the {fields} when {key} was created. Unpack "
    "sends it once more.",
}
_ASSIGNEE: dict[AssigneeNote, str] = {
    AssigneeNote.NOT_LOOKED_UP: "Jira did not answer when we looked for {name}, so {outcome}.",
    AssigneeNote.SUBSTITUTE_REFUSED: "{name} is not matched, and the person chosen for such "
    "issues could not be assigned in this project, so {outcome}.",
    AssigneeNote.NOT_ASSIGNABLE: "{name} cannot be assigned issues in this project, so {outcome}.",
    AssigneeNote.NOT_ON_SCREEN: "The project’s create screen has no assignee, so {key} was created "
    "without {name}.",
    AssigneeNote.NOT_PERMITTED: "The connected account may not assign {name} in this project, so "
    "{outcome}.",
}
