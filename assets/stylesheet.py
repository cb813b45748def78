"""Cuts a stylesheet down to what can match on the product's pages."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import tinycss2
from tinycss2.ast import Declaration, Node

from assets.used import Used

_READ = re.compile(r"var\(\s*(--[\w-]+)")
_WORD = re.compile(r"[\w-]+")
_PLAYS = {"animation", "animation-name"}
_GROUPS = {"media", "supports", "layer", "container"}
_DEFINITIONS = {"keyframes", "-webkit-keyframes", "property"}
# Inside these, one of the selectors is enough; inside :not() nothing has to be there.
_ANY_OF = {"is", "where"}
_NONE_OF = {"not"}


@dataclass(frozen=True)
class Style:
    """A rule: its selectors, and its declarations as they are written."""

    selectors: tuple[str, ...]
    declarations: tuple[tuple[str, str], ...]  # name, value


@dataclass(frozen=True)
class Group:
    """An at-rule that holds rules, such as @media."""

    head: str
    rules: "tuple[Rule, ...]"


@dataclass(frozen=True)
class Definition:
    """An at-rule that defines `name`: @keyframes, or @property."""

    name: str
    text: str


Rule = Style | Group | Definition


def cut(stylesheet: str, used: Used, readers: str) -> str:
    """Return the rules of `stylesheet` that can match, one a line.

    A custom property stays where a rule that stays, or the stylesheets in `readers`, read it;
    keyframes stay where one of them plays them.
    """
    rules = tuple(_matching(_parse(stylesheet), used))
    return "".join(_lines(_needed(rules, readers)))


def never_matching(stylesheet: str, used: Used) -> list[str]:
    """The selectors of `stylesheet` that can match on no page."""
    return [
        _text(selector)
        for node in _flat(_parse(stylesheet))
        if node.type == "qualified-rule"
        for selector in _split(node.prelude)
        if not _can_match(selector, used)
    ]


def unread_properties(stylesheet: str, stylesheets: Iterable[str]) -> list[str]:
    """The custom properties that `stylesheet` sets and that none of `stylesheets` reads."""
    read = set(_READ.findall("".join(stylesheets)))
    rules = [node for node in _flat(_parse(stylesheet)) if node.type == "qualified-rule"]
    named = [name for rule in rules for name, _ in _declarations(rule.content)]
    return [name for name in named if name.startswith("--") and name not in read]


def _flat(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        if node.type == "at-rule" and node.lower_at_keyword in _GROUPS and node.content:
            yield from _flat(_rules_in(node))
        else:
            yield node


def _parse(stylesheet: str) -> list[Node]:
    return list(tinycss2.parse_stylesheet(stylesheet, skip_comments=True, skip_whitespace=True))


# --- What can match -----------------------------------------------------------------------------


def _matching(nodes: Iterable[Node], used: Used) -> Iterator[Rule]:
    for node in nodes:
        if node.type == "qualified-rule":
            selectors = tuple(each for each in _split(node.prelude) if _can_match(each, used))
            if selectors:
                yield Style(tuple(map(_text, selectors)), tuple(_declarations(node.content)))
        elif node.type == "at-rule":
            yield from _matching_at_rule(node, used)
        else:
            raise ValueError(f"{node.source_line}:{node.source_column}: {node.message}")


def _matching_at_rule(node: Node, used: Used) -> Iterator[Rule]:
    keyword = node.lower_at_keyword
    if keyword in _DEFINITIONS:
        yield Definition(_text(node.prelude), node.serialize())
    elif keyword in _GROUPS:
        if rules := tuple(_matching(_rules_in(node), used)):
            yield Group(f"@{keyword} {_text(node.prelude)}".rstrip(), rules)
    elif keyword != "charset":  # what is written is sent as UTF-8
        raise ValueError(f"{node.source_line}:{node.source_column}: @{keyword}?")


def _rules_in(group: Node) -> list[Node]:
    return list(tinycss2.parse_rule_list(group.content, skip_comments=True, skip_whitespace=True))


def _split(prelude: Sequence[Node]) -> list[list[Node]]:
    """A list of selectors, at its commas."""
    selectors: list[list[Node]] = [[]]
    for part in prelude:
        if part == ",":
            selectors.append([])
        else:
            selectors[-1].append(part)
    return selectors


def _can_match(selector: Sequence[Node], used: Used) -> bool:
    before = None
    for token in selector:
        if token.type == "ident" and not _names_something_used(before, token.value, used):
            return False
        if token.type == "[] block" and not _has_attribute(token.content, used):
            return False
        if token.type == "function" and not _function_can_match(token, used):
            return False
        before = token
    return True


def _names_something_used(before: Node | None, name: str, used: Used) -> bool:
    if before == ".":
        return used.has_class(name)
    if before == ":":  # a state such as :hover
        return True
    return name.lower() in used.elements


def _has_attribute(content: Sequence[Node], used: Used) -> bool:
    name = next(token.value for token in content if token.type == "ident")
    return name in used.attributes


def _function_can_match(function: Node, used: Used) -> bool:
    if function.lower_name in _NONE_OF:
        return True
    if function.lower_name in _ANY_OF:
        return any(_can_match(each, used) for each in _split(function.arguments))
    return True  # :nth-child(2n + 1), :lang(de)


def _declarations(content: Sequence[Node]) -> Iterator[tuple[str, str]]:
    for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if not isinstance(node, Declaration):
            raise ValueError(f"not a declaration: {node.serialize()}")
        important = "!important" if node.important else ""
        yield node.name, _text(node.value) + important


def _text(tokens: Sequence[Node]) -> str:
    return str(tinycss2.serialize(tokens)).strip()


# --- What is needed -----------------------------------------------------------------------------


def _needed(rules: tuple[Rule, ...], readers: str) -> tuple[Rule, ...]:
    styles = list(_styles(rules))
    read = _read_properties(styles, set(_READ.findall(readers)))
    played = {
        word
        for style in styles
        for name, value in style.declarations
        if name in _PLAYS or name.startswith("--")
        for word in _WORD.findall(value)
    } | set(_WORD.findall(readers))
    return tuple(_reduced(rules, read, played))


def _styles(rules: Iterable[Rule]) -> Iterator[Style]:
    for rule in rules:
        if isinstance(rule, Style):
            yield rule
        elif isinstance(rule, Group):
            yield from _styles(rule.rules)


def _read_properties(styles: Sequence[Style], read: set[str]) -> set[str]:
    """`read`, and every property that is read because another one is."""
    declared = [pair for style in styles for pair in style.declarations]
    while True:
        more = {
            name
            for own, value in declared
            if not own.startswith("--") or own in read
            for name in _READ.findall(value)
        } - read
        if not more:
            return read
        read |= more


def _reduced(rules: Iterable[Rule], read: set[str], played: set[str]) -> Iterator[Rule]:
    for rule in rules:
        if isinstance(rule, Definition):
            if rule.name in played | read:
                yield rule
        elif isinstance(rule, Group):
            if inner := tuple(_reduced(rule.rules, read, played)):
                yield replace(rule, rules=inner)
        elif declarations := tuple(
            (name, value)
            for name, value in rule.declarations
            if not name.startswith("--") or name in read
        ):
            yield replace(rule, declarations=declarations)


def _lines(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        if isinstance(rule, Group):
            yield f"{rule.head} {{\n"
            yield from _lines(rule.rules)
            yield "}\n"
        elif isinstance(rule, Definition):
            yield f"{rule.text}\n"
        else:
            declarations = ";".join(f"{name}:{value}" for name, value in rule.declarations)
            yield f"{','.join(rule.selectors)}{{{declarations}}}\n"
