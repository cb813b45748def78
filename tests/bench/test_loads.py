"""What the bench counts as a page's weight."""

import brotli
import pytest

from bench import loads
from bench.loads import Visitor

PAGE = '<link href="/static/css/a.css?v=1"><svg><use href="/static/icons.svg#i-x"></svg>' * 20
SHEET = 'src: url("../vendor/inter.woff2") format("woff2")'
FILES = {
    "/page": ("text/html; charset=utf-8", brotli.compress(PAGE.encode()), "br"),
    "/static/css/a.css?v=1": ("text/css", SHEET.encode(), ""),
    "/static/icons.svg": ("image/svg+xml", b"<svg></svg>", ""),
    "/static/vendor/inter.woff2": ("font/woff2", b"f" * 500, ""),
}


class Raw:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.headers = {"A": "bc"}

    def read(self, *, decode_content: bool) -> bytes:
        assert not decode_content
        return self.content


class Answer:
    def __init__(self, kind: str, content: bytes, encoding: str) -> None:
        self.headers = {"Content-Type": kind} | ({"Content-Encoding": encoding} if encoding else {})
        self.raw = Raw(content)

    def raise_for_status(self) -> None: ...


class Session:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def get(self, url: str, **_named: object) -> Answer:
        self.asked.append(url.removeprefix("http://unpack"))
        return Answer(*FILES[self.asked[-1]])


@pytest.fixture
def visitor() -> Visitor:
    visitor = Visitor("http://unpack")
    visitor.session = Session()  # type: ignore[assignment]
    return visitor


def test_a_page_weighs_what_it_and_the_files_that_it_names_weigh(visitor: Visitor) -> None:
    head = loads.STATUS_LINE + len("A: bc\r\n")
    sizes = [len(content) for _, content, _ in FILES.values()]

    weight = visitor.load("/page")

    assert sorted(visitor.session.asked) == sorted(FILES)  # type: ignore[attr-defined]
    assert weight.sent == sum(sizes) + 4 * head
    assert weight.unpacked == weight.sent - sizes[0] + len(PAGE)


def test_what_a_browser_keeps_is_not_loaded_again(visitor: Visitor) -> None:
    first = visitor.load("/page")

    again = visitor.load("/page")

    assert again.sent < first.sent - 500
    assert visitor.session.asked.count("/page") == 2  # type: ignore[attr-defined]
    assert len(visitor.session.asked) == len(FILES) + 1  # type: ignore[attr-defined]
