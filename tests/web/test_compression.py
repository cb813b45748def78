"""What goes over the wire: compressed, and no larger than it has to be."""

import csv
import gzip
import io
import re
from collections.abc import Callable

import brotli
import pytest
from flask import Flask

from app.masks import mask, unmask
from tests.support import factories
from tests.support.acme import items, sprint_14
from tests.support.over_the_wire import CHROMIUM, fetch
from tests.support.people import Person

SignedIn = Callable[[str], Person]
HOME = "/organizations/acme"
LOG = "/organizations/acme/settings/integrations/jira/sync-log"
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize(
    ("encoding", "used"),
    [(CHROMIUM, "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("GZIP", "gzip"), ("*", "br")],
)
def test_a_page_is_compressed_as_the_browser_takes_it(
    signed_in: SignedIn, encoding: str, used: str
) -> None:
    admin = signed_in("admin@acme.test")

    answer = fetch(admin, HOME, encoding)

    assert answer.headers["Content-Encoding"] == used
    assert {"Accept-Encoding", "HX-Request"} <= set(answer.headers["Vary"].split(", "))
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert "Acme" in UNPACK[used](answer.data).decode()


@pytest.mark.parametrize("encoding", ["", "identity", "deflate", "gzip;q=0"])
def test_a_browser_that_takes_none_gets_it_plain(signed_in: SignedIn, encoding: str) -> None:
    answer = fetch(signed_in("admin@acme.test"), HOME, encoding)

    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_what_is_small_is_left_alone(client: Person) -> None:
    answer = fetch(client, "/organizations/acme")

    assert (answer.status_code, answer.headers.get("Content-Encoding")) == (303, None)


@pytest.mark.parametrize(("encoding", "used"), [(CHROMIUM, "br"), ("gzip", "gzip")])
@pytest.mark.parametrize("name", ["css/kit.css", "js/app.js", "icons.svg"])
def test_a_static_file_is_sent_as_it_was_compressed_beforehand(
    client: Person, app: Flask, name: str, encoding: str, used: str
) -> None:
    plain = client.get(f"/static/{name}")

    answer = fetch(client, f"/static/{name}?v=1", encoding)

    assert answer.headers["Content-Encoding"] == used
    assert answer.headers["Content-Type"] == plain.headers["Content-Type"]
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert UNPACK[used](answer.data) == plain.data


def test_a_static_file_that_did_not_change_is_not_sent_again(client: Person) -> None:
    first = fetch(client, "/static/css/kit.css")

    again = client.get(
        "/static/css/kit.css",
        headers={"Accept-Encoding": CHROMIUM, "If-None-Match": first.headers["ETag"]},
    )

    assert (again.status_code, again.data) == (304, b"")


def test_a_long_table_is_compressed_as_it_comes(admin: Person) -> None:
    answer = fetch(admin, f"{LOG}/entries.csv")

    assert answer.headers["Content-Encoding"] == "gzip"
    lines = csv.reader(io.StringIO(gzip.decompress(answer.data).decode("utf-8-sig")))
    assert next(lines)[0] == "Last try (UTC)"


def test_the_first_load_and_the_next_page_are_light(client: Person, signed_in: SignedIn) -> None:
    facilitator = signed_in("facilitator@acme.test")
    for number in range(50 - len(items())):
        factories.action_item(sprint_14(), title=f"Item {number}")

    bytes_of = {}
    seen: set[str] = set()
    for name, address in (("first", "/sign-in"), ("next", f"/retrospectives/{sprint_14().id}")):
        page = fetch(facilitator if name == "next" else client, address)
        html = brotli.decompress(page.data).decode()
        named = set(re.findall(r'"(/static/[^"#]*)', html)) - seen
        seen |= named
        statics = [fetch(facilitator, each) for each in named]
        bytes_of[name] = len(page.data) + sum(len(each.data) for each in statics)

    font = len(fetch(facilitator, "/static/vendor/inter-5.3.0-latin-wght-normal.woff2").data)
    assert bytes_of["first"] + font + bytes_of["next"] <= 150_000, bytes_of
    assert bytes_of["next"] <= 15_000, bytes_of


def test_a_token_is_written_differently_in_each_answer(signed_in: SignedIn) -> None:
    admin = signed_in("admin@acme.test")

    first, second = (admin.get(HOME).page.csrf_token for _ in range(2))

    assert first != second
    assert first is not None
    assert admin.post("/sign-out", {"csrf_token": first}).status_code == 303


@pytest.mark.parametrize("token", ["", "a", "IjEyMyI.aaaa.bbbb", "é", "AAAA", "/+/+"])
def test_what_is_no_masked_token_is_good_for_nothing(token: str) -> None:
    assert unmask(token) != "a token"
    assert unmask(mask("a token")) == "a token"
