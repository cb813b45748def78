"""The verbs that change how Jira behaves: faults, switches, lag, limits."""

from typing import Any

from demo.jira_cloud.catalog.sites import PROJECTS, SITES
from demo.jira_cloud.state.conditions import EVERY, Conditions, Place, with_place
from demo.jira_cloud.state.permissions import KNOWN
from demo.jira_cloud.state.world import World
from demo.jira_cloud.traffic.exchange import Traffic
from demo.jira_cloud.traffic.faults import Rule
from demo.jira_cloud.webhooks.deliveries import Deliveries


class WeatherControl:
    """A part of the control interface; see `control.Control`."""

    def __init__(self, world: World, traffic: Traffic, deliveries: Deliveries) -> None:
        self._world = world
        self._traffic = traffic
        self._deliveries = deliveries

    def fault(self, kind: str, *operations: str, **rule: Any) -> str:
        """Add a rule and return its id. `operations` are names or patterns, none means all.

        Kinds: latency (min_ms, max_ms), error (500), unavailable (HTML 503), rate_limit
        (retry_after, reason), status (status, body), drop_before, drop_after, truncate (what was
        asked is done, and half of the answer comes). With `times` it happens that often and then
        ends, `skip` lets the first ones pass, `probability` rolls.
        """
        patterns = list(operations) or list(rule.pop("operations", [])) or [EVERY]
        with self._world.transaction():
            identity = rule.pop("id", "") or f"rule-{self._world.next_number('rule', 1)}"
            document = {"kind": kind, "operations": patterns, "id": identity, **rule}
            Rule.load(document)
            self._drop_rules(identity)
            self._world.conditions.rules.append(document)
            self._world.keep_conditions()
        return identity

    def clear_faults(self, id: str | None = None) -> None:  # noqa: A002 - reads well at the caller
        """Take away one rule, or all of them."""
        with self._world.transaction():
            self._drop_rules(id)
            self._world.keep_conditions()

    def faults(self) -> list[dict[str, Any]]:
        """The rules that are still in force, with what is left of their `times`."""
        with self._world.transaction():
            return [dict(rule) for rule in self._world.conditions.rules]

    def seed(self, number: int) -> None:
        """Make the dice repeat themselves."""
        with self._world.transaction():
            self._world.dice.seed(number)

    def conditions(self) -> dict[str, Any]:
        """All switches as they stand."""
        with self._world.transaction():
            return self._world.conditions.dump()

    def set(self, **changes: Any) -> None:
        """Set fields of `Conditions` directly, such as down=True, language="de", search_lag=2."""
        unknown = set(changes) - set(Conditions.__annotations__)
        if unknown:
            raise ValueError(f"There is no switch named {', '.join(sorted(unknown))}.")
        with self._world.transaction():
            for name, value in changes.items():
                setattr(self._world.conditions, name, value)
            self._world.keep_conditions()

    def deny(
        self,
        permission: str,
        project: str = EVERY,
        site: str = EVERY,
        account: str = EVERY,
        on: bool = True,
    ) -> None:
        """Take a permission away (CREATE_ISSUES, BROWSE_PROJECTS, …), or give it back.

        `account` is an id here and in `grant`.
        """
        if permission not in KNOWN:
            raise ValueError(f"There is no permission named {permission}.")
        place = {"permission": permission, **place_of(site, project), "account": account}
        self._switch("denied", place, on)

    def grant(
        self, permission: str, project: str = EVERY, account: str = EVERY, on: bool = True
    ) -> None:
        """Give a permission that only administrators have otherwise (MODIFY_REPORTER, …)."""
        if permission not in KNOWN:
            raise ValueError(f"There is no permission named {permission}.")
        place = {"permission": permission, **place_of(EVERY, project), "account": account}
        self._switch("granted", place, on)

    def choke(self, words: str, in_plain: bool = False, on: bool = True) -> None:
        """Let Jira's converter fail on documents that hold `words`, or take them again.

        Such a request is refused whole, with INVALID_INPUT and no field. In plain paragraphs the
        words pass, unless `in_plain`.
        """
        with self._world.transaction():
            entries = self._world.conditions.unreadable
            others = [each for each in entries if each["words"] != words]
            entry = {"words": words, "in_plain": in_plain}
            self._world.conditions.unreadable = [*others, entry] if on else others
            self._world.keep_conditions()

    def automate(self, words: str, project: str = EVERY, on: bool = True) -> None:
        """Let a rule add a paragraph to each description that is written over REST, or end it."""
        self._switch("automations", {"project": project, "words": words}, on)

    def remove_project(self, project: str, site: str = EVERY, on: bool = True) -> None:
        """Let a project be gone, or back."""
        self._switch("projects_gone", place_of(site, project), on)

    def archive_project(self, project: str, site: str = EVERY, on: bool = True) -> None:
        """Archive a project, or restore it."""
        self._switch("projects_archived", place_of(site, project), on)

    def remove_site(self, site: str, on: bool = True) -> None:
        """Let a whole site be gone from the token's reach, as when it is suspended."""
        if site not in SITES:
            raise ValueError(f"There is no site named {site}.")
        with self._world.transaction():
            gone = [each for each in self._world.conditions.sites_gone if each != site]
            self._world.conditions.sites_gone = [*gone, site] if on else gone
            self._world.keep_conditions()

    def calm(self) -> None:
        """Switch everything back to normal; issues, grants and webhooks stay."""
        with self._world.transaction():
            self._world.conditions = Conditions()
            self._world.keep_conditions()

    def _switch(self, name: str, place: Place, on: bool) -> None:
        with self._world.transaction():
            places = getattr(self._world.conditions, name)
            setattr(self._world.conditions, name, with_place(places, place, on))
            self._world.keep_conditions()

    def _drop_rules(self, identity: str | None) -> None:
        rules = self._world.conditions.rules
        rules[:] = [rule for rule in rules if identity not in (None, rule["id"])]


def place_of(site: str, project: str) -> Place:
    """A place, refused when a name in it is not known: a typo must not pass for a switch."""
    if site not in (EVERY, *SITES):
        raise ValueError(f"There is no site named {site}.")
    slugs = SITES if site == EVERY else [site]
    keys = {each.key for slug in slugs for each in PROJECTS[slug]}
    if project not in (EVERY, *keys):
        raise ValueError(f"There is no project {project} on {site}.")
    return {"site": site, "project": project}
