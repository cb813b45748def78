"""The search index, which learns of writes late and forgets now and then (jira-platform.md §2.7).

Two ways of forgetting: `search_flap` is the chance that an issue is missing from an answer, each
time anew; `search_gap` lets every issue vanish once for so many seconds, some time after it was
first to be found.
"""

import copy
import zlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from demo.jira_cloud.state.world import World

Issue = dict[str, Any]


def learn(world: World, reference: str, issue: Issue | None) -> None:
    """A write happened; the index shows it after the lag. None means deleted."""
    lag = timedelta(seconds=world.conditions.search_lag)
    past = _settled(world, reference)
    # A document is never changed in place once it is here.
    past.append((world.now() + lag, copy.deepcopy(issue)))
    world.search.versions[reference] = past


def issues(world: World, site: str, fresh: Iterable[str] = ()) -> list[Issue]:
    """What the index shows of a site now; `fresh` are ids that are read from the record itself."""
    fresh_ids = set(fresh)
    found = []
    for reference in list(world.search.versions):
        slug, _, identity = reference.partition(":")
        if slug != site:
            continue
        if identity in fresh_ids:
            shown = world.table("issues").get(reference)
        else:
            shown = _shown(world, reference)
        if shown is not None:
            found.append(shown)
    return found


def rebuild(world: World) -> None:
    """After a restart the index has caught up."""
    now = world.now()
    world.search.versions = {
        reference: [(now, copy.deepcopy(issue))]
        for reference, issue in world.table("issues").items()
    }


def _shown(world: World, reference: str) -> Issue | None:
    flap = world.conditions.search_flap
    if flap and world.dice.random() < flap:
        return None
    now = world.now()
    shown: Issue | None = None
    for since, version in world.search.versions[reference]:
        if since <= now:
            shown = version
    return None if shown and _in_its_gap(world, reference, shown) else shown


def _in_its_gap(world: World, reference: str, issue: Issue) -> bool:
    """Whether this is the time for which the issue vanishes: it begins within two gaps' length."""
    gap = world.conditions.search_gap
    share = zlib.crc32(reference.encode()) / 2**32  # always the same for the same issue
    begins = issue["created"] + world.conditions.search_lag + share * 2 * gap
    return bool(begins <= world.now().timestamp() < begins + gap)


def _settled(world: World, reference: str) -> list[tuple[Any, Issue | None]]:
    """The versions that still matter: the last visible one and those to come."""
    now = world.now()
    versions = world.search.versions.get(reference, [])
    visible = [version for version in versions if version[0] <= now]
    return visible[-1:] + [version for version in versions if version[0] > now]
