"""Addresses of what stands in each of many rows: put together once for an answer.

`url_for` takes 20 microseconds, and a panel of 50 rows asked it 900 times.
"""

from flask import Flask, g, url_for

from app.web import listings

_ANY_ID = 9_999_999_999


def init_app(app: Flask) -> None:
    app.jinja_env.globals |= {"icons_address": icons_address, "item_address": item_address}


def icons_address() -> str:
    """Of the file that all icons are in."""
    if "icons_address" not in g:
        g.icons_address = url_for("static", filename="icons.svg")
    return str(g.icons_address)


def item_address(endpoint: str, item_id: int) -> str:
    """What `url_for` gives for an action item."""
    known: dict[str, tuple[str, str]] = g.setdefault("item_addresses", {})
    if endpoint not in known:
        before, after = url_for(endpoint, item_id=_ANY_ID).split(str(_ANY_ID))
        known[endpoint] = before, after
    before, after = known[endpoint]
    listing = listings.named_for(item_id)
    where = f"?{listings.PARAMETER}={listing}" if listing else ""
    return f"{before}{item_id}{after}{where}"
