"""What is served: the registry's files as they come, and what `make assets` makes of them."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from assets.make import ASSETS, STATIC, made, own_stylesheets, packed, packed_before
from assets.stylesheet import never_matching, unread_properties
from assets.used import ROOT, find_used
from config import HTMX_INTEGRITY, HTMX_VERSION

LONGEST_STYLESHEET = 400  # lines
# A class that no template or script of ours names: htmx sets it, it is a tone, or app/markdown.py.
SET_ELSEWHERE = {"htmx-request", "bad", "next", "ok"}
SET_ELSEWHERE |= {"align-center", "align-right", "note", "note-sign"}
SET_ELSEWHERE |= {"note--tip", "note--warning", "note--caution"}
ICON = re.compile(r"\bicon\(\s*\"([\w-]+)\"")


def vendored() -> dict[str, str]:
    """The hash of each file that came from the registry, by its path here."""
    packages = json.loads((ASSETS / "vendored.json").read_text())
    return {file["here"]: file["hash"] for package in packages for file in package["files"]}


def hash_of(path: Path) -> str:
    digest = hashlib.sha384(path.read_bytes()).digest()
    return f"sha384-{base64.b64encode(digest).decode()}"


def test_a_vendored_file_is_the_registrys() -> None:
    assert {name: hash_of(ROOT / name) for name in vendored()} == vendored()


def test_nothing_else_lies_among_them() -> None:
    folders = (STATIC / "vendor", ASSETS / "icons")
    there = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    there -= packed_before()
    there |= set(ASSETS.glob("*.css"))

    assert {str(path.relative_to(ROOT)) for path in there} == set(vendored())


def test_our_copy_of_htmx_is_what_the_cdn_has_to_send() -> None:
    assert vendored()[f"static/vendor/htmx-{HTMX_VERSION}.min.js"] == HTMX_INTEGRITY


@pytest.mark.parametrize(("path", "text"), made().items(), ids=lambda value: Path(value).name)
def test_what_is_served_is_what_make_assets_makes(path: Path, text: str) -> None:
    assert path.read_text() == text, "run `make assets`"


def test_beside_each_file_lies_what_it_is_compressed() -> None:
    there = {path: path.read_bytes() for path in packed_before()}

    assert there == packed(), "run `make assets`"


def test_the_kit_has_what_a_page_needs_and_not_much_else() -> None:
    kit = (STATIC / "css" / "kit.css").read_text()

    assert ".btn-primary" in kit
    assert ".modal" not in kit
    assert len(kit) < 50_000


@pytest.mark.parametrize("path", own_stylesheets(), ids=lambda path: path.name)
def test_every_rule_of_ours_can_match(path: Path) -> None:
    dead = never_matching(path.read_text(), find_used(also=SET_ELSEWHERE))

    assert dead == []


def test_every_property_of_ours_is_read() -> None:
    everything = [path.read_text() for path in (STATIC / "css").glob("*.css")]

    for path in own_stylesheets():
        assert unread_properties(path.read_text(), everything) == [], path.name


def test_no_stylesheet_of_ours_is_longer_than_a_person_reads_at_once() -> None:
    lengths = {path.name: len(path.read_text().splitlines()) for path in own_stylesheets()}

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_STYLESHEET} == {}


def test_every_icon_is_there_and_none_lies_idle() -> None:
    there = {path.stem for path in (ASSETS / "icons").glob("*.svg")}
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "app").rglob("*.py")]
    text = "\n".join(path.read_text() for path in [*sources, *(STATIC / "js").glob("*.js")])

    assert set(ICON.findall(text)) <= there
    assert {name for name in there if not re.search(rf"[\"'#-]{name}[\"'`]", text)} == set()
