"""What holds for every page and fragment, whatever it shows."""

import re
from collections import Counter
from functools import cached_property
from xml.etree.ElementTree import Element

import html5lib
from html5lib.html5parser import ParseError

UNLABELLED_TYPES = {"hidden", "submit", "button", "reset", "image"}
# In a form's field, or in the header that scripts send.
CSRF_TOKEN = re.compile(
    r"""name="csrf_token" value="([^"]+)|X-CSRF-Token["':\s]+(?:&#34;|&quot;)?([\w.-]+)"""
)
TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d))?")
# What stands in a line of text; a browser sets everything else apart.
IN_A_LINE = {
    "a", "b", "br", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "svg",
    "time", "use", "wbr",
}  # fmt: skip
CONTAINERS = {"tr": "tbody", "td": "tr", "th": "tr", "li": "ul", "option": "select"}


class Page:
    """A parsed HTML answer."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.whole = bool(re.match(r"\s*<(!doctype|html)", html, re.IGNORECASE))

    @cached_property
    def root(self) -> Element:
        """Parsed strictly: what is not valid HTML5 fails here. What a <template> holds is left
        out: no browser shows it."""
        root = self._parse()
        for template in root.iter("template"):
            template[:] = []
        return root

    def _parse(self) -> Element:
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        try:
            if self.whole:
                document: Element = parser.parse(self.html)
                return document
            first = re.search(r"<([a-z]+)", self.html)
            container = CONTAINERS.get(first[1] if first else "", "div")
            fragment: Element = parser.parseFragment(self.html.strip(), container=container)
            return fragment
        except ParseError as error:
            line, column = parser.tokenizer.stream.position()
            near = self.html.splitlines()[line - 1][max(0, column - 80) : column + 20]
            raise AssertionError(f"not valid HTML5 in line {line}: {error}\n{near}") from error

    def all(self, *names: str) -> list[Element]:
        """Every element with one of the tag `names`, in order."""
        return [element for element in self.root.iter() if element.tag in names]

    def values(self, attribute: str) -> list[str]:
        """What every element that has `attribute` says there, in order."""
        found = (element.get(attribute) for element in self.root.iter())
        return [value for value in found if value is not None]

    def by_id(self, name: str) -> Element:
        """The one element with this id."""
        [found] = [element for element in self.root.iter() if element.get("id") == name]
        return found

    def texts(self, name: str) -> list[str]:
        return [text_of(element) for element in self.all(name)]

    @property
    def text(self) -> str:
        """What a person reads, without the head."""
        bodies = self.all("body")
        return text_of(bodies[0] if bodies else self.root)

    @property
    def csrf_token(self) -> str | None:
        found = CSRF_TOKEN.search(self.html)
        return found[1] or found[2] if found else None

    def check(self) -> None:
        """Fail if something is wrong that is wrong on any page."""
        self._check_ids()
        self._check_times()
        self._check_labels()
        if self.whole:
            self._check_headings()

    def _check_times(self) -> None:
        """Of a second, HTML takes three digits at the most."""
        given = [each.get("datetime", "") for each in self.all("time")]
        assert [each for each in given if not TIME.fullmatch(each)] == []

    def _check_ids(self) -> None:
        counted = Counter(element.get("id") for element in self.root.iter() if element.get("id"))
        twice = [name for name, count in counted.items() if count > 1]
        assert not twice, f"ids used more than once: {twice}"

    def _check_labels(self) -> None:
        named = {label.get("for") for label in self.all("label")}
        inside = {id(field) for label in self.all("label") for field in label.iter()}
        for field in self.all("input", "select", "textarea"):
            if field.get("type") in UNLABELLED_TYPES or id(field) in inside:
                continue
            labelled = field.get("aria-label") or field.get("aria-labelledby")
            assert labelled or field.get("id") in named, f"no label for {field.attrib}"

    def _check_headings(self) -> None:
        headings = self.texts("h1")
        assert len(headings) == 1, f"a page has one h1, this one has {headings}"
        title = (self.texts("title") or [""])[0]
        assert title.startswith(headings[0]), f"title {title!r}, h1 {headings[0]!r}"


def text_of(element: Element) -> str:
    """The words of an element, with single spaces: what is set apart is not glued together."""
    return " ".join("".join(_words(element)).split())


def _words(element: Element) -> list[str]:
    words = [element.text or ""] if isinstance(element.tag, str) else []
    for child in element:
        apart = "" if str(child.tag).rpartition("}")[2] in IN_A_LINE else " "
        words += [apart, *_words(child), apart, child.tail or ""]
    return words
