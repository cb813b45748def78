"""Parts of queries in Jira's query language, with whatever people type kept from being part of it.

Source: https://support.atlassian.com/jira-software-cloud/docs/search-for-issues-using-the-text-field/
"""

import unicodedata

# Letters, numbers, and the marks that belong to a letter. All else means something to the search,
# or is not in its index.
_SEARCHED = ("L", "N", "M")
MOST_WORDS = 20


def summary_holds(typed: str) -> str:
    """A condition that a title holds all words of `typed`; empty where it has none.

    In lower case, because AND, OR and NOT are the search's own words.
    """
    words = _searched(typed).lower().split()[:MOST_WORDS]
    return f'summary ~ "{" ".join(words)}"' if words else ""


def quoted(value: str) -> str:
    """`value` as one value of a condition, whatever it holds."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _searched(typed: str) -> str:
    return "".join(
        sign if unicodedata.category(sign).startswith(_SEARCHED) else " " for sign in typed
    )
