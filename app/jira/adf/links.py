"""Which addresses become links, what is shown of the others, and what stands for an image."""

import re

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token

from app.jira.adf.tokens import text

SCHEMES = ("http", "https", "mailto", "tel", "ftp", "sftp", "ssh", "slack")
"""What may be followed from a page or an issue. Whatever runs something is not among them."""

_LINKABLE = re.compile(
    r"(?:(?:https?|s?ftp|ssh|slack)://[^/?#]|(?:mailto|tel):.)[!-~]*", re.IGNORECASE
)
_LONGEST = 2048
# What most addresses look like: in them nothing is to be encoded.
_NORMAL = re.compile(r"https?://(?:[a-z0-9-]{1,63}\.){0,3}[a-z0-9-]{1,63}(?:/[A-Za-z0-9._~/-]*)?")


def is_linkable(url: str) -> bool:
    """Whether `url` may be followed from a page or an issue: its scheme is one of `SCHEMES`.

    The ADF schema accepts any `href`, `javascript:` too (jira-platform.md §6), so this is the
    guard.
    """
    return len(url) <= _LONGEST and _LINKABLE.fullmatch(url) is not None


def normalized(url: str) -> str:
    """Return `url` as it is sent: what an address cannot hold in %xx, other hosts in punycode."""
    if _NORMAL.fullmatch(url):
        return url
    return normalizeLink(url)


def settle_links(tokens: list[Token]) -> list[Token]:
    """Return inline `tokens` where images are links and every link may be followed.

    The address of one that may not be followed is shown after its words: "docs (docs/x.md)".
    One without words shows its address.
    """
    settled: list[Token] = []
    opening: Token | None = None
    start = 0
    for token in tokens:
        if token.type == "link_open":
            opening, start = token, len(settled)
        elif token.type == "link_close" and opening is not None:
            settled[start:] = _closing(settled[start:], opening, "href")
            opening = None
        elif token.type == "image":
            settled += _image(token, inside_link=opening is not None)
        else:
            settled.append(token)
    return settled


def _closing(words: list[Token], opening: Token, attribute: str) -> list[Token]:
    """The words of a link with its opening and closing, or with its address as text."""
    typed = str(opening.attrGet(attribute) or "")
    url, title = normalized(typed), str(opening.attrGet("title") or "")
    if is_linkable(url):
        return linked(url, words if _said(words) else [text(typed)], title)
    return [*words, *_address_of(_said(words), typed, title)]


def linked(url: str, words: list[Token], title: str = "") -> list[Token]:
    """Return inline tokens of a link of `words` to `url`, which must be linkable."""
    attrs: dict[str, str | int | float] = {"href": url}
    if title:
        attrs["title"] = title
    return [Token("link_open", "a", 1, attrs=attrs), *words, Token("link_close", "a", -1)]


def _address_of(said: str, typed: str, title: str) -> list[Token]:
    """What is shown of an address that may not be followed; nothing if its words say it."""
    address = "" if typed.strip() == said else typed.strip()
    shown = [text(address)] if address else []
    if address.startswith("www.") and is_linkable(url := normalized(f"http://{address}")):
        shown = linked(url, shown)
    if title:
        shown.append(text(f' "{title}"' if address else f'"{title}"'))
    return [text(" ("), *shown, text(")")] if said and shown else shown


def _image(image: Token, *, inside_link: bool) -> list[Token]:
    words = _alternative(image)
    return words if inside_link else _closing(words, image, "src")


def _alternative(image: Token) -> list[Token]:
    """The words of an image, without the links and images that they may hold themselves."""
    words: list[Token] = []
    for token in image.children or []:
        if token.type == "image":
            words += _alternative(token)
        elif token.type not in ("link_open", "link_close"):
            words.append(token)
    return words


def _said(tokens: list[Token]) -> str:
    return "".join(token.content for token in tokens).strip()
