"""Keys and addresses of Jira's issues in a text: links, and cards where one stands alone."""

import re
from dataclasses import dataclass
from functools import lru_cache

from markdown_it.token import Token

from app.jira.adf.links import is_linkable, linked
from app.jira.adf.tokens import text


@dataclass(frozen=True)
class Site:
    """The connected Jira site, as far as a text may speak of it.

    url: without a slash at its end; empty where nothing is connected.
    project_keys: those of the mapped projects. A key of another project may be anything.
    """

    url: str = ""
    project_keys: frozenset[str] = frozenset()


NO_SITE = Site()


def link_keys(tokens: list[Token], site: Site) -> list[Token]:
    """Return inline `tokens` with keys such as PROJ-12 as links, but for code and other links."""
    pattern = _pattern(site)
    if pattern is None:
        return tokens
    settled: list[Token] = []
    inside_link = False
    for token in tokens:
        inside_link = token.type == "link_open" or (inside_link and token.type != "link_close")
        if token.type == "text" and not inside_link:
            settled += _linked_in(token, pattern, site)
        else:
            settled.append(token)
    return settled


def is_card(words: list[Token], site: Site) -> bool:
    """Whether `words` are nothing but the bare address of an issue of `site`."""
    if len(words) != 3 or words[0].type != "link_open" or not site.url:
        return False
    url = str(words[0].attrGet("href"))
    key = url.removeprefix(f"{site.url}/browse/")
    return words[1].content == url and _KEY.fullmatch(key) is not None


_KEY = re.compile(r"[A-Z][A-Z0-9_]+-[1-9][0-9]{0,9}")


@lru_cache(maxsize=64)
def _pattern(site: Site) -> re.Pattern[str] | None:
    if not site.project_keys or not is_linkable(site.url):
        return None
    keys = "|".join(map(re.escape, sorted(site.project_keys)))
    return re.compile(rf"(?<![\w/#-])(?:{keys})-[1-9][0-9]{{0,9}}(?![\w-]|\.\w)")


def _linked_in(token: Token, pattern: re.Pattern[str], site: Site) -> list[Token]:
    settled: list[Token] = []
    end = 0
    for found in pattern.finditer(token.content):
        settled.append(text(token.content[end : found.start()]))
        settled += linked(f"{site.url}/browse/{found[0]}", [text(found[0])])
        end = found.end()
    return [*settled, text(token.content[end:])] if settled else [token]
