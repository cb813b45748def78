"""The address in Jira that lists the issues of a retrospective. Pure."""

from collections.abc import Iterable
from urllib.parse import quote

from app.services.panel.shown_issues import IssueKey

# One alone has its own link beside it.
FEWEST = 2
# So the address stays short enough for whatever it passes through.
MOST = 200


def address(site_url: str, keys: Iterable[IssueKey | None]) -> str:
    """Jira's list of the issues with these keys; empty where there is nothing to list.

    Only keys that lead to the connected site (site_url), and none that is gone: Jira refuses to
    list anything where one of them does not exist.
    """
    here = f"{site_url}/browse/"
    there = [each.text for each in keys if each and not each.gone and _is_of(each, here)]
    if len(there) < FEWEST:
        return ""
    jql = f"key in ({', '.join(there[:MOST])})"
    return f"{site_url}/issues/?jql={quote(jql, safe='')}"


def _is_of(key: IssueKey, site: str) -> bool:
    return bool(key.url and key.url.startswith(site))
