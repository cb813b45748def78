"""Which addresses become links, and what stands for an image."""

import re

from markdown_it.token import Token

_LINKABLE = re.compile(r"(?:https?://[^/?#]|mailto:.)[!-~]*", re.IGNORECASE)
_LONGEST = 2048


def is_linkable(url: str) -> bool:
    """Whether `url` may be followed from a page or an issue: http, https or mailto.

    The ADF schema accepts any `href`, `javascript:` too (jira-platform.md §6), so this is the
    guard.
    """
    return len(url) <= _LONGEST and _LINKABLE.fullmatch(url) is not None


def settle_links(tokens: list[Token]) -> list[Token]:
    """Return inline `tokens` where images are links and every link may be followed.

    A link that may not be followed leaves its words; one without words shows its address.
    """
    settled: list[Token] = []
    opened: str | None = None
    start = 0
    for token in tokens:
        if token.type == "link_open":
            opened, start = _address(token, "href"), len(settled)
            settled += [token] if opened else []
        elif token.type == "link_close":
            settled += _closing(settled[start:], opened)
            opened = None
        elif token.type == "image":
            settled += _image(token, inside_link=opened is not None)
        else:
            settled.append(token)
    return settled


def _address(token: Token, attribute: str) -> str | None:
    url = str(token.attrGet(attribute) or "")
    return url if is_linkable(url) else None


def _closing(words: list[Token], url: str | None) -> list[Token]:
    if url is None:
        return []
    shown = [] if _says_something(words) else [Token("text", "", 0, content=url)]
    return [*shown, Token("link_close", "a", -1)]


def _image(token: Token, *, inside_link: bool) -> list[Token]:
    words = _alternative(token)
    url = _address(token, "src")
    if inside_link or url is None:
        return words
    return [Token("link_open", "a", 1, attrs={"href": url}), *words, *_closing(words, url)]


def _alternative(image: Token) -> list[Token]:
    """The words of an image, without the links and images that they may hold themselves."""
    words: list[Token] = []
    for token in image.children or []:
        if token.type == "image":
            words += _alternative(token)
        elif token.type not in ("link_open", "link_close"):
            words.append(token)
    return words


def _says_something(tokens: list[Token]) -> bool:
    return any(token.content.strip() for token in tokens)
