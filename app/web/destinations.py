"""Where a link or a redirect may lead that came from outside: to a path of our own."""

from urllib.parse import urlsplit


def is_own(destination: str) -> bool:
    """Whether it is a path on this host, however a browser reads it."""
    if "\\" in destination or not destination.isprintable():
        return False
    parts = urlsplit(destination)
    local = not parts.scheme and not parts.netloc and destination.startswith("/")
    return local and not destination.startswith("//")
