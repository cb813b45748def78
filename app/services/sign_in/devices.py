"""What a browser calls itself, in words that its person recognizes: "Firefox on Linux"."""

from functools import lru_cache
from typing import NamedTuple

from ua_parser import parse

UNKNOWN = "Unknown browser"
LONGEST = 500  # characters that are looked at
PHONES = {"iOS", "Android", "Windows Phone"}
SYSTEMS = {"Mac OS X": "macOS", "iOS": "iPhone", "Chrome OS": "ChromeOS"}


class Device(NamedTuple):
    words: str
    mobile: bool


@lru_cache(maxsize=256)
def named(user_agent: str) -> Device:
    """The browser and system that a User-Agent header names, as far as it does."""
    parsed = parse(user_agent[:LONGEST])
    browser = _browser(parsed.user_agent.family) if parsed.user_agent else ""
    system = parsed.os.family if parsed.os else ""
    mobile = system in PHONES
    if parsed.device and parsed.device.family in {"iPad", "iPhone"}:
        system = parsed.device.family
    words = " on ".join(part for part in (browser, SYSTEMS.get(system, system)) if part)
    return Device(words[:60] or UNKNOWN, mobile)


def _browser(family: str) -> str:
    """Without what only its makers tell apart."""
    return family.removeprefix("Mobile ").removesuffix(" Mobile").removesuffix(" WebView")
