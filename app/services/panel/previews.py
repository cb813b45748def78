"""What entering Commit would create in Jira, told from our own rows: Jira is not asked.

Owners, and the active sprint, that nobody has looked up lately are looked up by a job meanwhile
(`look_up`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    IssueLink,
    JiraIssueType,
    LinkState,
    ProjectMapping,
    User,
    WorkKind,
)
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import ASSIGNEE, SYNCED_FIELDS, missing_on
from app.services.grants.troubles import TROUBLES
from app.services.mapping.checks import Finding, denied_by
from app.services.outbound.links import ever_linked
from app.services.outbound.snapshots import SOURCE
from app.services.owed import metadata_reads
from app.services.panel import preview_sections, preview_values, preview_words
from app.services.panel.holds import Hold
from app.services.panel.panels import Panel, Row
from app.services.panel.preview_sections import Section
from app.services.panel.preview_values import AlsoSent
from app.services.panel.preview_words import Counts, Owner, OwnerWords, PreviewWords
from app.services.panel.shown_issues import IssueKey, key_of
from app.services.people import matches
from app.services.people.matches import Match
from app.services.retrospectives import earlier_items

PREVIEWED = tuple(field for field in SYNCED_FIELDS if field.preview)
_EVERY_FIELD = frozenset(field.id for field in SYNCED_FIELDS)
_AT_REST = OwnerWords(person=True)


@dataclass(frozen=True)
class PreviewRow:
    """An action item and what becomes of it.

    `key`: it has an issue already, none is created. `unlinked`: somebody unlinked it, so it stays.
    `begun`: the state of a link that has no issue yet; Commit leaves that alone, too.
    `owner` words the assignee, whom `assignee` names; None where the screen has none. `values` are
    those of the columns by Jira's field ids, as a person wrote them; None also where the field
    cannot be sent. `issue`: what stands in its column, `settled` where nothing new comes of it.
    `sends`: which fields of an issue that exists are about to be sent, as people name them.
    `carried`: where it was carried over from.
    """

    item: ActionItem
    key: IssueKey | None
    unlinked: bool
    begun: LinkState | None
    assignee: User | None
    owner: OwnerWords
    values: Mapping[str, Any]
    issue: str = ""
    settled: bool = False
    sends: str = ""
    carried: str = ""

    @property
    def created(self) -> bool:
        return self.key is None and self.begun is None and not self.unlinked

    @property
    def has_or_gets_issue(self) -> bool:
        return self.created or (self.key is not None and not self.key.gone)

    @property
    def under_way(self) -> bool:
        return self.begun is not None and not self.failed

    @property
    def failed(self) -> bool:
        return self.begun is LinkState.ERROR


@dataclass(frozen=True)
class Preview:
    """`columns` are the synced fields that each row shows.

    `also`: what else every new issue gets. `unchecked`: owners nobody knows in Jira yet. `looking`:
    they, or the active sprint, are being looked up.
    """

    mapping: ProjectMapping | None
    rows: Sequence[PreviewRow]
    words: PreviewWords
    unchecked: frozenset[int]
    looking: bool
    also: Sequence[AlsoSent] = ()
    columns: Sequence[SyncedField] = PREVIEWED

    @property
    def awaits_sprint(self) -> bool:
        """Whether nobody has asked lately which sprint is active, and new issues get it."""
        return any(each.unknown for each in self.also)

    @property
    def sections(self) -> list[Section[PreviewRow]]:
        """The rows in sections, where they are many."""
        return preview_sections.sections_of(self.rows, mapped=self.mapping is not None)


def needed(panel: Panel) -> bool:
    """Whether Commit reaches Jira at all: otherwise there is nothing to show beforehand."""
    nowhere = {Hold.DISCONNECTED, Hold.PLAN, Hold.TEAM}
    return bool(panel.wanted) and panel.around.hold not in nowhere


def look_up(panel: Panel, preview: Preview) -> bool:
    """Owe the look-up of owners nobody knows, and of the active sprint. Whether that may lead
    anywhere just now."""
    connection = panel.connection
    unknown = preview.unchecked or preview.awaits_sprint
    if not unknown or preview.looking or connection is None:
        return False
    if panel.around.hold is not None or panel.mapping is None:
        return False
    metadata_reads.want_people(connection, utcnow())
    return True


def preview_of(panel: Panel) -> Preview:
    """Tell what Commit does with the panel's items, as far as we know without asking Jira."""
    screen = _screen(panel)
    sendable = sendable_of(screen, panel.mapping)
    unlinked, known = _unlinked(panel), _known(panel)
    shown = ASSIGNEE.id in sendable
    wanted = panel.wanted
    new = [row.item for row in wanted if row.link is None and row.item.id not in unlinked]
    owners = {item.assignee_id for item in new if item.assignee_id is not None}
    unchecked = frozenset(owners - known.keys()) if shown and panel.mapping else frozenset()
    also = preview_values.also_sent(panel.mapping, new, known) if panel.mapping else []
    unknown = bool(unchecked) or any(each.unknown for each in also)
    looking = unknown and _is_looking(panel)
    rows = [_row(panel, row, sendable, unlinked, known, looking=looking) for row in wanted]
    missing = [field.label for field in missing_on(screen)] if screen else []
    team = panel.retrospective.team.name
    left_open = earlier_items.count_left_open(panel.retrospective)
    words = preview_words.words_of(
        panel.mapping, _counts(rows), team, _trouble(panel), missing, left_open
    )
    return Preview(panel.mapping, rows, words, unchecked, looking, also)


def sendable_of(screen: Collection[str], mapping: ProjectMapping | None) -> frozenset[str]:
    """The ids of the synced fields that a new issue gets. screen: empty while it is unread."""
    denied = denied_by(map(Finding.kept, (mapping.findings if mapping else None) or ()))
    return frozenset(
        each.id
        for each in SYNCED_FIELDS
        if (not screen or each.is_on(screen)) and each.id not in denied
    )


def _is_looking(panel: Panel) -> bool:
    connection = panel.connection
    if connection is None or panel.around.hold is not None:
        return False
    return (
        connection.works[WorkKind.PEOPLE].due_at is not None
        and connection.works[WorkKind.METADATA].error is None
    )


def _trouble(panel: Panel) -> str:
    connection = panel.connection
    if panel.suspension is not None:
        return f"Syncing is paused: “{panel.suspension.reason}”."
    if connection is None or connection.state not in TROUBLES:
        return ""
    return TROUBLES[connection.state].heading_for(connection.site_host)


def _counts(rows: Sequence[PreviewRow]) -> Counts:
    return Counts(
        created=sum(row.created for row in rows),
        with_issue=sum(row.key is not None and not row.key.gone for row in rows),
        gone=sum(row.key is not None and row.key.gone for row in rows),
        unlinked=sum(row.unlinked for row in rows),
        under_way=sum(row.under_way for row in rows),
        failed=sum(row.failed for row in rows),
        noted=sum(bool(row.owner.note) for row in rows),
        new=sum(row.created and not row.carried for row in rows),
        carried=sum(bool(row.carried) and row.has_or_gets_issue for row in rows),
    )


def _row(
    panel: Panel,
    row: Row,
    sendable: frozenset[str],
    unlinked: frozenset[int],
    known: Mapping[int, Match],
    *,
    looking: bool,
) -> PreviewRow:
    item = row.item
    key = key_of(row.link) if row.link is not None else None
    begun = row.link.state if row.link is not None and key is None else None
    is_new = row.link is None and item.id not in unlinked and panel.mapping is not None
    # An issue that exists has the screen of where it is.
    shown = sendable if row.link is None else _EVERY_FIELD
    owner = None
    if item.assignee is not None and ASSIGNEE.id in shown:
        match = known.get(item.assignee.id)
        owner = Owner(item.assignee.name, match.state if match else None)
    words = _AT_REST
    if is_new or owner is None:
        words = preview_words.owner_words(owner, panel.around.place, looking=looking)
    kept = row.link is None and item.id in unlinked
    type_name = panel.mapping.issue_type_name if panel.mapping else None
    issue = preview_words.issue_words(
        key.text if key else None,
        type_name,
        begun=begun,
        unlinked=kept,
        gone=key is not None and key.gone,
    )
    return PreviewRow(
        item=item,
        key=key,
        unlinked=kept,
        begun=begun,
        assignee=item.assignee if ASSIGNEE.id in shown else None,
        owner=words,
        values={field.id: field.source(item) if field.id in shown else None for field in PREVIEWED},
        issue=issue,
        settled=not is_new,
        sends=_sends(row.link) if row.link is not None else "",
        carried=row.carried,
    )


def _sends(link: IssueLink) -> str:
    """Of an issue that exists: what a person has edited here and is not sent yet."""
    if link.due_at is None or not link.created:
        return ""
    known = (link.snapshot or {}).get(SOURCE, {})
    item = link.action_item
    followed = [each for each in SYNCED_FIELDS if each.follows_edits and each.id in known]
    edited = [each.id for each in followed if known[each.id] != each.stored(each.source(item))]
    return preview_words.sends_words(edited)


def _unlinked(panel: Panel) -> frozenset[int]:
    """The ids of items that somebody has unlinked: entering Commit leaves them so."""
    without = [row.item.id for row in panel.rows if row.link is None]
    if not without:
        return frozenset()
    found = select(ActionItem.id).where(ActionItem.id.in_(without), ever_linked())
    return frozenset(db.session.scalars(found))


def _known(panel: Panel) -> dict[int, Match]:
    if panel.connection is None:
        return {}
    people = {row.item.assignee_id for row in panel.rows}
    return matches.known(panel.connection.id, {*people, panel.retrospective.facilitator_id})


def _screen(panel: Panel) -> frozenset[str]:
    """The fields of the create screen; empty while they are unread."""
    if panel.connection is None or panel.mapping is None:
        return frozenset()
    fields = db.session.scalar(
        select(JiraIssueType.fields).where(
            JiraIssueType.connection_id == panel.connection.id,
            JiraIssueType.project_id == panel.mapping.project_id,
            JiraIssueType.issue_type_id == panel.mapping.issue_type_id,
        )
    )
    return frozenset(str(field["id"]) for field in fields or ())
