"""What stands in the log."""

import re
from datetime import timedelta

from app.clock import utcnow
from app.models import (
    EntryState,
    LinkState,
)
from tests.support.acme import items, link
from tests.support.pages import text_of
from tests.support.sync_entries import entry, failed, synced

LOG = "/organizations/acme/settings/integrations/jira/sync-log"


def ids(page) -> list[str]:
    found = [each.get("id") or "" for each in page.all("li")]
    return [each for each in found if each.startswith(("entry-", "link-"))]


def retries(page) -> list[str]:
    controls = page.texts("button") + page.texts("a")
    return [words for words in controls if re.match(r"Retry\b", words)]


def look(page):
    return next(each for each in page.root.iter() if each.get("id") == "log-look")


def three_kinds() -> dict[str, str]:
    """A failed, a retrying and a synced entry; each one's id by its kind."""
    first, second, third, *_ = items()
    later = utcnow() + timedelta(minutes=4)
    row = link(second, LinkState.RETRYING, key=None, tries=1, not_before=later, due_at=utcnow())
    kinds = {
        "failed": failed(first),
        "retrying": entry(row, EntryState.RETRYING, tries=1),
        "synced": synced(third),
    }
    return {kind: f"entry-{log.id}" for kind, log in kinds.items()}


def button(page, words: str) -> str:
    return next(each.get("href") for each in page.all("a") if text_of(each) == words)
