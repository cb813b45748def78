"""The operator ~: words of a text, a word's beginning with *, a phrase in quotes."""

import re
from collections.abc import Iterator

from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.search.jql import BadJql

_WORD = re.compile(r"\w+")
# A phrase in quotes, a word, or a word's beginning. What means something to the index, such as a
# bracket, is refused unless a backslash stands before it.
_PART = re.compile(
    r"""\s*(?: "(?P<phrase>(?:[^"\\]|\\.)*)"
    | (?P<word>(?:[^\s"\\+\-&|!(){}\[\]^~*?:/]|\\.|(?<=\w)-)+)(?P<beginning>\*)? )""",
    re.VERBOSE,
)
# Words in a row; the last one may be a beginning.
Phrase = tuple[tuple[str, ...], bool]


def matches(phrases: list[Phrase], written: str) -> bool:
    """Whether every phrase stands in the text."""
    words = _WORD.findall(written.lower())
    return all(_stands(phrase, words) for phrase in phrases)


def phrases_of(asked: str) -> list[Phrase]:
    """What the words ask for. Raises BadJql for a reserved character and an open quote."""
    found = [
        (tuple(_WORD.findall(part.lower())), is_beginning) for part, is_beginning in _parts(asked)
    ]
    phrases = [phrase for phrase in found if phrase[0]]
    if not phrases:
        raise BadJql(text("jql_text", value=asked))
    return phrases


def _parts(asked: str) -> Iterator[tuple[str, bool]]:
    position = 0
    while asked[position:].strip():
        part = _PART.match(asked, position)
        if part is None:
            raise BadJql(text("jql_text", value=asked))
        yield re.sub(r"\\(.)", r"\1", part["phrase"] or part["word"] or ""), bool(part["beginning"])
        position = part.end()


def _stands(phrase: Phrase, words: list[str]) -> bool:
    wanted, is_beginning = phrase
    for start in range(len(words) - len(wanted) + 1):
        row = words[start : start + len(wanted)]
        last_fits = row[-1].startswith(wanted[-1]) if is_beginning else row[-1] == wanted[-1]
        if row[:-1] == list(wanted[:-1]) and last_fits:
            return True
    return False
