"""Finding members by what somebody types: any part of a name or an address.

Compared here and not in the database: SQLite folds the case of ASCII alone, neither folds accents,
and the page needs all members for its counts anyway.
"""

import unicodedata

# Letters that are written with a stroke or joined, and so are no letter with a mark in Unicode.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)


def finds(text: str, *called: str) -> bool:
    """Whether each word of `text` stands somewhere in what a member is `called`."""
    known = folded(" ".join(called))
    return all(word in known for word in folded(text).split())


def folded(text: str) -> str:
    """`text` without case, accents and other marks."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in letters if not unicodedata.combining(each)).translate(_PLAIN)
