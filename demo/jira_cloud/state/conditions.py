"""The weather: everything that a switch or a test changes about how Jira behaves right now."""

from dataclasses import asdict, dataclass, field
from typing import Any

EVERY = "*"
Place = dict[str, str]


@dataclass
class Conditions:
    """Kept over restarts. Places are dicts like {"site", "project", "type", "field"}; * is all."""

    down: bool = False
    language: str | None = None
    near_limit: bool = False
    limits: bool = True
    search_lag: float = 0.0
    search_flap: float = 0.0
    search_gap: float = 0.0
    shuffle_bulk: bool = False
    create_denied_status: int = 403
    denied: list[Place] = field(default_factory=list)
    types_removed: list[Place] = field(default_factory=list)
    fields_removed: list[Place] = field(default_factory=list)
    fields_required: list[Place] = field(default_factory=list)
    fields_added: list[Place] = field(default_factory=list)
    fields_refused: list[Place] = field(default_factory=list)
    options_removed: list[Place] = field(default_factory=list)
    compass: list[Place] = field(default_factory=list)
    demands: list[dict[str, Any]] = field(default_factory=list)
    granted: list[Place] = field(default_factory=list)
    workflows: list[Place] = field(default_factory=list)
    send_backs: list[Place] = field(default_factory=list)
    projects_gone: list[Place] = field(default_factory=list)
    projects_archived: list[Place] = field(default_factory=list)
    sites_gone: list[str] = field(default_factory=list)
    rules: list[dict[str, Any]] = field(default_factory=list)
    webhook_mode: str = "deliver"
    webhook_retry_delays: list[float] = field(default_factory=lambda: [2.0, 5.0, 15.0, 30.0, 60.0])
    webhook_dates: str = "milliseconds"
    webhook_addresses: str = "site"
    statuses_without_category: bool = False
    linking: bool = True
    changelog_dates: str = "text"
    local_ids: bool = False
    unreadable: list[dict[str, Any]] = field(default_factory=list)
    automations: list[dict[str, str]] = field(default_factory=list)
    largest_bulk: int | None = None
    private_app_owner: str | None = None

    @classmethod
    def load(cls, document: dict[str, Any]) -> "Conditions":
        """From the stored form; names that no longer exist are left out."""
        return cls(
            **{name: value for name, value in document.items() if name in cls.__annotations__}
        )

    def dump(self) -> dict[str, Any]:
        """The stored form."""
        return asdict(self)


def holds(places: list[Place], **asked: str) -> bool:
    """Whether any entry covers the place; what an entry leaves out it covers whole."""
    return any(
        all(place.get(name, EVERY) in (EVERY, value) for name, value in asked.items())
        for place in places
    )


def with_place(places: list[Place], place: Place, on: bool) -> list[Place]:
    """The list with the place in it once, or without it."""
    others = [each for each in places if each != place]
    return [*others, place] if on else others
