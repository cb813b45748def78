"""What somebody typed to find an issue: a key, an address, or words. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

LONGEST = 200
# An address names its issue by one of these, or in its path.
_PARAMETERS = ("selectedIssue", "issueKey")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]+-[1-9][0-9]{0,9}")


@dataclass(frozen=True)
class Typed:
    """One of: the key of an issue, words to search for, why it is neither. Nothing: all empty."""

    key: str = ""
    words: str = ""
    trouble: str = ""

    @property
    def asks(self) -> bool:
        """Whether Jira is to be asked."""
        return bool(self.key or self.words)


def read(text: str, site_url: str, organization: str) -> Typed:
    """Read it for the connected site; another site's address leads nowhere."""
    text = text.strip()[:LONGEST]
    if _KEY.fullmatch(text):
        return Typed(key=text.upper())
    if text.startswith(("http://", "https://")):
        return _of_address(text, urlsplit(site_url).netloc, organization)
    return Typed(words=text)


def _of_address(text: str, site: str, organization: str) -> Typed:
    try:
        address = urlsplit(text)
    except ValueError:
        return Typed(trouble="This address cannot be read. Paste the key of the issue instead.")
    if address.netloc.lower() != site.lower():
        return Typed(
            trouble=f"{address.netloc or text} is not connected; {organization} is connected to "
            f"{site} only."
        )
    asked = parse_qs(address.query)
    named = [each for name in _PARAMETERS for each in asked.get(name, ())]
    keys = _keys([*named, *reversed(address.path.split("/"))])
    if not keys:
        return Typed(trouble="This address names no issue. Paste the key of the issue instead.")
    return Typed(key=keys[0])


def _keys(parts: Iterable[str]) -> list[str]:
    return [part.upper() for part in parts if _KEY.fullmatch(part)]
