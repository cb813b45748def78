"""What the auditor knows: what people wish, what Jira holds, what was found wrong."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeVar

from tests.simulation.scheduler import Process

Rows = Callable[..., list[dict[str, Any]]]
FIELDS = ("summary", "description", "duedate", "assignee")
OURS = {"title": "summary", "description": "description", "due_on": "duedate",
        "assignee_id": "assignee"}  # fmt: skip
SPRINT = "customfield_10020"
PROPERTY = "unpack.action-item"
NEVER = float("-inf")
SIDES = ("done", "open")  # what is owed for what is completed here, and for what is reopened


@dataclass(frozen=True)
class Broken:
    """A rule that did not hold. `item` is the action item's id, where it is about one."""

    rule: str
    at: float
    what: str
    item: int | None = None

    def __str__(self) -> str:
        return f"{self.at:12.3f} broken: {self.rule}: {self.what}"


@dataclass(frozen=True)
class Resolution:
    """Which one goes along since then; empty: none was chosen."""

    id: str
    at: float = NEVER


class Standing(Protocol):
    """What was chosen at some time, and stands until something else is."""

    @property
    def at(self) -> float: ...


S = TypeVar("S", bound=Standing)


def that_stood_since(since: float, every: Sequence[S]) -> list[S]:
    """Of what was chosen one after the other, what stood at that time or came later."""
    ended = [each.at for each in every[1:]] + [float("inf")]
    return [each for each, end in zip(every, ended, strict=True) if end >= since]


@dataclass(eq=False)
class Customer:
    """An organization with its connection, as its people left it.

    mapping: the project's key by team; 0 is everybody else's. stopped_at, unpaid_at: since when
    nothing may be sent.
    """

    id: int
    connection: int
    site: str | None = "acme-eng"
    account: str = "unpack@acme.test"
    paid: bool = True
    mapping: dict[int, str] = field(default_factory=lambda: {0: "PLAT"})
    webhooks: bool = True
    ever_on: set[str] = field(default_factory=set)
    stopped_at: float | None = None
    unpaid_at: float | None = None
    paused_at: float | None = None
    # Teams that do not sync, since when; by slot the statuses of completed and reopened items, and
    # every resolution that was to go along; when there was last none for a side of done.
    left_out: dict[int, float] = field(default_factory=dict)
    statuses: dict[int, tuple[str, str]] = field(default_factory=dict)
    unchosen_at: dict[tuple[int, str], float] = field(default_factory=dict)
    resolutions: dict[int, list[Resolution]] = field(default_factory=dict)
    chosen_at: float = NEVER  # other field values, or another project
    heard_success_at: float = NEVER

    def chooses(self, slot: int, statuses: tuple[str, str], resolution: str, at: float) -> None:
        """Other statuses for a slot, and another resolution with them; empty: none."""
        self.statuses[slot] = statuses
        for side, status in zip(SIDES, statuses, strict=True):
            if not status:
                self.unchosen_at[slot, side] = at
        before = self.resolutions.setdefault(slot, [Resolution("")])
        before.append(Resolution(resolution, at))


@dataclass
class Item:
    """An action item as people want it. `wish`: no, yes, or may (asked for, then withdrawn)."""

    id: int
    public_id: str
    customer: Customer
    team: int
    title: str
    description: str
    assignee_id: int | None
    due_on: date | None
    bad: bool
    wish: str = "no"
    ever_wanted: bool = False
    issues_allowed: int = 0
    deleted_at: float | None = None
    dropped_at: float | None = None
    unlinked_at: float | None = None
    complete: bool = False
    completed_in: str | None = None
    reopened_at: float = NEVER
    edited_at: dict[str, float] = field(default_factory=dict)
    rearmed_at: float = NEVER
    # Where the issue is that somebody chose for it, since when; who creates one themselves.
    linked_to: tuple[str, str] | None = None
    finishing: tuple[float, float] | None = None  # from, until
    # The side of done that its issue is to be on, since when; and what it was before.
    owes: str | None = None
    owed_at: float = NEVER
    owes_before: str | None = None
    owed_until: float = NEVER

    @property
    def let_go(self) -> bool:
        """Whether nobody wants anything of it any more."""
        return self.deleted_at is not None or self.dropped_at is not None


@dataclass
class Issue:
    """An issue that we created or that is linked to, from what happened to it in Jira.

    created_at: in seconds. theirs: fields whose value is a person's in Jira, since theirs_at.
    given: all values that people there gave. unheard: fields that we wrote without hearing of it.
    written_at: when we last wrote each field. category_at: when it last entered or left Done;
    moved_on_at: or went from one category to another at all, by others than us. came_from: the
    projects that it was moved out of, at moved_at for the last time. linked_at: when somebody
    chose it for an item; until it says so itself, its link is the one of before, or empty.
    ever_known: not of one that was erased before anything of ours could have learned of it.
    """

    site: str
    id: str
    key: str
    link: str
    item: str
    fields: dict[str, Any]
    created_at: float
    category: str = "new"
    category_at: float = NEVER
    moved_on_at: float = NEVER
    was_done: bool = False
    alive: bool = True
    ever_known: bool = True
    came_from: set[str] = field(default_factory=set)
    moved_at: float = NEVER
    linked_at: float = NEVER
    marked_at: float = NEVER
    # When we have moved it to another status lately.
    moved_by_us: list[float] = field(default_factory=list)
    theirs: set[str] = field(default_factory=set)
    theirs_at: dict[str, float] = field(default_factory=dict)
    unheard: set[str] = field(default_factory=set)
    given: dict[str, list[Any]] = field(default_factory=dict)
    written_at: dict[str, float] = field(default_factory=dict)

    @property
    def unmarked(self) -> bool:
        """Whether somebody chose it, and it does not say so yet."""
        return self.linked_at > self.marked_at


@dataclass
class Series:
    """Sends of one link since it last succeeded or was asked for anew.

    failures_at_most: with those that a disturbance may have made forgotten, and whatever else may
    have counted as one. left_at: of the last one. told_to: the process that heard what became of
    it. about: the connection.
    """

    failures: int = 0
    failures_at_most: int = 0
    left_at: float = NEVER
    ended_at: float = NEVER
    unknown: bool = False
    refused: bool = False
    says_why: bool = False  # and not a refusal that came cut off, which counts as no answer
    # What the last send carried, and whether it was one of many in a request.
    sent: dict[str, Any] = field(default_factory=dict)
    among_many: bool = False
    told_to: Process | None = None
    about: int | None = None

    def start_anew(self) -> None:
        """The next send is the first."""
        self.failures = self.failures_at_most = 0


class Memory:
    """Everything known, and `broken`, what was found."""

    def __init__(self, beginning: datetime) -> None:
        self.beginning = beginning
        self.now = 0.0
        self.items: dict[int, Item] = {}
        self.by_public_id: dict[str, Item] = {}
        self.issues: dict[tuple[str, str], Issue] = {}
        # Issues that say nothing of us, as they were last seen, and what was shown of them.
        self.strangers: dict[tuple[str, str], Issue] = {}
        self.series: dict[str, Series] = {}
        # When questions of a connection were not answered.
        self.asked_in_vain: dict[int | None, list[float]] = defaultdict(list)
        self.customers: dict[int, Customer] = {}
        # When our clock was set, or the database refused to have something written down: who failed
        # before that may be tried again sooner than it seems, and as if for the first time.
        self.disturbed_at = NEVER
        self.clock_is_wrong = False
        self.off_screen: set[str] = set()
        self.excused: set[tuple[str, int | None]] = set()
        self.broken: list[Broken] = []

    def moment(self, ago: timedelta = timedelta(0)) -> str:
        """So long ago, as rows have it."""
        at = self.beginning + timedelta(seconds=self.now) - ago
        return str(at.replace(tzinfo=None))

    def find(self, rule: str, what: str, item: int | None = None) -> None:
        """Note that a rule is broken, once for each action item."""
        if (rule, item) not in self.excused:
            self.excused.add((rule, item))
            self.broken.append(Broken(rule, self.now, what, item))

    def issues_of(self, item: Item) -> list[Issue]:
        return [each for each in self.issues.values() if each.item == item.public_id]

    def has_its_issue(self, item: Item) -> bool:
        """Whether one is there that came after it was last unlinked."""
        since = NEVER if item.unlinked_at is None else item.unlinked_at
        return any(i.alive and max(i.created_at, i.linked_at) > since for i in self.issues_of(item))

    def issues_behind(self, item: Item, link: str, issue_id: str | None) -> list[Issue]:
        """Those of an item's link: they say so, or somebody has chosen one and it does not yet."""
        chosen = [self.issues[item.linked_to]] if item.linked_to in self.issues else []
        waiting = [i for i in chosen if i.id == issue_id and i.item == item.public_id]
        named = [i for i in self.issues_of(item) if i.link == link]
        return named or waiting

    @staticmethod
    def project_at(issue: Issue) -> str:
        """Where the issue is now."""
        return issue.key.rpartition("-")[0]

    def project_of(self, item: Item) -> str:
        """The project that the item's team is mapped to."""
        mapping = item.customer.mapping
        return mapping.get(item.team, mapping[0])

    def items_of(self, customer: Customer) -> list[Item]:
        return [each for each in self.items.values() if each.customer is customer]

    def of_connection(self, connection: int | None) -> Customer | None:
        """Whose connection it is."""
        return next((c for c in self.customers.values() if c.connection == connection), None)
