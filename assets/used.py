"""What the product's pages can hold: the classes, elements, attributes and icons that templates
and scripts name."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Drawn by WTForms, or allowed in a description: these stand in no template.
_DRAWN_ELSEWHERE = {"input", "label", "option", "select", "textarea"} | {
    *("a", "blockquote", "br", "code", "del", "details", "div", "em", "h4", "h5", "h6", "hr"),
    *("kbd", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "summary", "sup", "table"),
    *("tbody", "td", "th", "thead", "tr", "u", "ul"),
}
_OF_FIELDS = {"disabled", "multiple", "placeholder", "readonly", "required", "size", "type"}
# Macros that take classes as positional arguments.
_TAKES_CLASSES = "icon|notice|notice_box|confirm_link"

_JINJA = re.compile(r"\{[{%#](.*?)[}%#]\}", re.DOTALL)
_LITERAL = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`")
_TAG = re.compile(r"<([a-z][a-z0-9]*)((?:[^<>{]|\{[{%].*?[}%]\}|\{)*)>", re.DOTALL)
_VALUE = re.compile(r"=\s*(\"(?:\{[{%].*?[}%]\}|[^\"])*\"|'(?:\{[{%].*?[}%]\}|[^'])*')", re.DOTALL)
_CLASS = re.compile(r"\bclass=\"((?:\{[{%].*?[}%]\}|[^\"])*)\"", re.DOTALL)
_CLASS_ARGUMENT = re.compile(r"(?:\b(?:classes|class|kind)=|\"class\":)([^,{}]*)")
_CLASS_CALL = re.compile(rf"\b(?:{_TAKES_CLASSES})\(((?:[^()]|\([^()]*\))*)\)")
_CLASS_IN_SCRIPT = re.compile(r"(?:className[:=]|classList\.\w+\(|\"class\",)\s*([^;]*)")
_BLOCK = re.compile(r"\{% block (\w+) %\}(.*?)\{% endblock %\}", re.DOTALL)
_WORD = re.compile(r"[A-Za-z][\w-]*")


@dataclass(frozen=True)
class Used:
    """`prefixes` begin the class names whose end is known only when a page is drawn."""

    classes: frozenset[str]
    prefixes: tuple[str, ...]
    elements: frozenset[str]
    attributes: frozenset[str]

    def has_class(self, name: str) -> bool:
        return name in self.classes or bool(self.prefixes) and name.startswith(self.prefixes)


def find_used(also: Iterable[str] = ()) -> Used:
    """Read every template and script of the product. `also` are classes that neither names."""
    templates = [path.read_text() for path in sorted((ROOT / "templates").rglob("*.html"))]
    scripts = [path.read_text() for path in sorted((ROOT / "static" / "js").glob("*.js"))]
    named = {*_classes_of_templates(templates), *_classes_of_scripts(scripts), *also}
    in_scripts = set(_words_of_literals("\n".join(scripts)))
    tags = [found for template in templates for found in _TAG.findall(template)]
    return Used(
        classes=frozenset(word for word in named if not word.endswith("-")),
        prefixes=tuple(sorted(word for word in named if word.endswith("-"))),
        elements=frozenset(name for name, _ in tags) | _DRAWN_ELSEWHERE | in_scripts,
        attributes=frozenset({*_OF_FIELDS, *in_scripts, *_attributes(tags)}),
    )


def _classes_of_templates(templates: Iterable[str]) -> Iterator[str]:
    everything = "\n".join(templates)
    values = _CLASS.findall(everything)
    filled = {name for value in values for name, _ in _BLOCK.findall(value)}
    values += [body for name, body in _BLOCK.findall(everything) if name in filled]
    for value in values:
        yield from _words_of_class(value)
    for inside in _JINJA.findall(everything):
        arguments = [_after_the_first(call) for call in _CLASS_CALL.findall(inside)]
        for found in (*_CLASS_ARGUMENT.findall(inside), *arguments):
            yield from _words_of_literals(found)


def _after_the_first(arguments: str) -> str:
    """The arguments of a call but the first, which may be a call itself."""
    depth = 0
    for position, sign in enumerate(arguments):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            return arguments[position:]
    return ""


def _words_of_class(value: str) -> Iterator[str]:
    """The words of a class attribute, those in its expressions included."""
    yield from _WORD.findall(_JINJA.sub(" ", value))
    for inside in _JINJA.findall(value):
        yield from _words_of_literals(inside)


def _classes_of_scripts(scripts: Iterable[str]) -> Iterator[str]:
    for script in scripts:
        for found in _CLASS_IN_SCRIPT.findall(script):
            yield from _words_of_literals(found)


def _words_of_literals(text: str) -> Iterator[str]:
    for found in _LITERAL.findall(text):
        yield from _WORD.findall(" ".join(found))


def _attributes(tags: Iterable[tuple[str, str]]) -> Iterator[str]:
    for _, inside in tags:
        yield from re.findall(r"[a-z][a-z-]*", _JINJA.sub(" ", _VALUE.sub(" ", inside)))
