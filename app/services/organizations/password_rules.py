"""Which passwords are refused: short, common or personal ones. Pure, but for the list's file.

The list is what remains of the 20,000 most common passwords, as Django 5.2 bundles them (Royce
Williams, from Troy Hunt's Pwned Passwords), for passwords of twelve characters: those that long,
and the words that people pad with digits and signs. Of the libraries, zxcvbn judges by guesses that
no sentence explains, and takes a long moment and ten megabytes for it in each process.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from app.services.errors import UnpackError

SHORTEST = 12
LONGEST = 200
LEFT_OVER = 8  # characters beside one's own name, address and organizations
SHORTEST_WORD = 4  # of a name that is looked for
_LIST = Path(__file__).with_name("common_passwords.txt")
_PADDING = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_REPEATED = re.compile(r"(.+?)\1+")


class PasswordRefused(UnpackError):
    """The sentence says why."""


def refuse_weak(password: str, own_words: Iterable[str]) -> None:
    """Raise `PasswordRefused` for what others would try first.

    own_words: name, address and organizations of the person.
    """
    count = len(password)
    if count < SHORTEST:
        raise PasswordRefused(f"{count} characters. Add {SHORTEST - count} more.")
    if count > LONGEST:
        raise PasswordRefused(f"A password has at most {LONGEST} characters.")
    folded = password.casefold()
    if not _PADDING.sub("", folded):
        raise PasswordRefused("Digits and signs alone are easy to guess. Add a word.")
    if _is_common(folded):
        raise PasswordRefused("This is one of the most common passwords. Choose another.")
    if len(_without(folded, own_words)) < LEFT_OVER:
        raise PasswordRefused("This is mostly your name, address or organization. Choose another.")


def _is_common(folded: str) -> bool:
    repeated = _REPEATED.fullmatch(folded)
    unit = repeated[1] if repeated else folded
    core = _PADDING.sub("", unit)
    return len(unit) < SHORTEST_WORD or bool({folded, unit, core} & _common())


def _without(folded: str, own_words: Iterable[str]) -> str:
    words = {
        part
        for word in (*own_words, "unpack")
        for part in re.split(r"[\W_]+", word.casefold())
        if len(part) >= SHORTEST_WORD
    }
    for word in sorted(words, key=len, reverse=True):
        folded = folded.replace(word, "")
    return folded


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(_LIST.read_text().split())
