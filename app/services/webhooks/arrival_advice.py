"""Why no webhook delivery arrives: what the facts that we have say, and what may be besides."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

# Names that no public name server knows.
_PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test", ".example")


@dataclass(frozen=True)
class Circumstances:
    """What advice depends on.

    public_url: where Jira is told to deliver
    at_atlassian: whether Jira is Atlassian's own, which must reach that address from the internet
    expired: whether the registration's time is over
    uncovered: keys of projects that the registration should name and does not
    unseen: keys of projects that Jira does not show to the account, so that it may not name them
    registered: keys of the projects that the registration names
    silent: whether a test has shown that nothing arrives
    account: the name of the account that registered
    """

    public_url: str
    at_atlassian: bool
    expired: bool
    uncovered: Sequence[str]
    unseen: Sequence[str]
    registered: Sequence[str]
    silent: bool
    account: str


def advice(around: Circumstances) -> list[str]:
    """One sentence or two for each thing that keeps deliveries away, the surest first. Pure."""
    found = []
    if around.expired:
        found.append(
            "The registration has expired, so Jira sends nothing. We register again by ourselves; "
            "if this stays, see whether Unpack’s workers run."
        )
    if around.uncovered:
        keys = _listed(around.uncovered)
        found.append(f"The registration does not name {keys} yet. Save Settings to register again.")
    if around.unseen:
        keys = _listed(around.unseen)
        found.append(f"Jira shows {keys} to {around.account} no more, so it reports nothing there.")
    wrong_address = _address_advice(around.public_url) if around.at_atlassian else []
    found += wrong_address
    if around.silent:
        found += _what_to_check(around, address_is_wrong=bool(wrong_address))
    return found


def _what_to_check(around: Circumstances, *, address_is_wrong: bool) -> list[str]:
    """What nobody can see from here, in the order in which it is easiest to look at."""
    checks = []
    if not address_is_wrong:
        checks.append(
            "Check that Jira can reach the address above: https with a certificate that browsers "
            "accept, and let through by every firewall and proxy in front of Unpack."
        )
    if around.at_atlassian:
        checks.append(
            "A private Atlassian app gets deliveries only while the account that owns it is the "
            f"one connected. That may not be {around.account}: switch sharing on under "
            "Distribution in the developer console, or connect with the owner’s account."
        )
    if around.registered:
        checks.append(
            f"Jira reports changes in {_listed(around.registered)} alone. Check that the tested "
            "issue is still there."
        )
    return checks


def is_public(host: str) -> bool:
    """Whether a host may be reached from the internet, as far as its name or address tells."""
    try:
        return ip_address(host.strip("[]")).is_global
    except ValueError:
        name = host.lower().rstrip(".")
        return "." in name and not f".{name}".endswith(_PRIVATE_SUFFIXES)


def _address_advice(public_url: str) -> list[str]:
    parts = urlsplit(public_url)
    found = []
    if parts.scheme != "https":
        found.append(
            f"Jira delivers to https addresses only, and PUBLIC_URL is {public_url}. Whoever runs "
            "Unpack can change it."
        )
    if not is_public(parts.hostname or ""):
        found.append(
            f"Jira cannot reach {parts.hostname or public_url} from the internet. Whoever runs "
            "Unpack can set PUBLIC_URL to a public address."
        )
    return found


def _listed(keys: Sequence[str]) -> str:
    *first, last = keys
    return f"{', '.join(first)} and {last}" if first else last
