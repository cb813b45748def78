"""Icons, and addresses of what stands in each of many rows: put together once for an answer.

`url_for` takes 20 microseconds, and a panel of 50 rows asked it 900 times; a macro takes as long,
and of icons it has 500.
"""

from collections.abc import Callable

from flask import Flask, g, url_for
from markupsafe import Markup

from app.web import listings

_ANY_ID = 9_999_999_999


def init_app(app: Flask) -> None:
    app.jinja_env.globals |= {"icons_drawn_by": icons_drawn_by, "item_address": item_address}


def icons_drawn_by(macro: Callable[[str, str, str], Markup]) -> Callable[..., Markup]:
    """icon(name, classes=""), as the macro draws it from the address of all icons."""
    drawn: dict[tuple[str, str, str], Markup] = {}

    def icon(name: str, classes: str = "") -> Markup:
        key = (_icons_address(), name, classes)
        if key not in drawn:
            drawn[key] = macro(*key)
        return drawn[key]

    return icon


def _icons_address() -> str:
    address: str | None = g.get("icons_address")
    if address is None:
        address = g.icons_address = url_for("static", filename="icons.svg")
    return address


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
