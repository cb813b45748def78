"""The words of rendered HTML, read by Python's own parser."""

import re
from html.parser import HTMLParser

from markupsafe import Markup

_INLINE = {"a", "code", "del", "em", "kbd", "s", "span", "strong", "sub", "sup", "u"}
_SIGN = re.compile(r"[|☐☑•ℹ💡❗⚠⛔]|\d+\.")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.text += "" if tag in _INLINE else " "

    def handle_endtag(self, tag: str) -> None:
        self.text += "" if tag in _INLINE else " "

    def handle_data(self, data: str) -> None:
        self.text += data


def words_of_html(html: Markup) -> list[str]:
    """The words that a reader of the page sees, in order."""
    reader = _Words()
    # Not Markup itself, which would escape whatever the reader joins to it.
    reader.feed(str(html))
    reader.close()
    return words_of(reader.text)


def words_of(text: str) -> list[str]:
    """The words of a text, without the signs that stand for an edge, a box, an item or a note."""
    return [word for word in text.split() if not _SIGN.fullmatch(word)]
