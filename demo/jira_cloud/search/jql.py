"""JQL, as much as integrations use of it: a parser into small trees."""

import re
from dataclasses import dataclass

from demo.jira_cloud.answers.texts import Text, text

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<operator><=|>=|!=|!~|=|<|>|~)
    | (?P<mark>[(),])
    | (?P<word>[^\s"'(),=<>!~]+)
    )""",
    re.VERBOSE,
)
_RESERVED = {"and", "or", "not", "order", "by", "in", "is", "empty", "null"}


class BadJql(Exception):
    """The query cannot be read or run; carries Jira's sentence."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence.words("en"))
        self.sentence = sentence


@dataclass(frozen=True)
class Clause:
    """`field operator values`; a function's value ends in "()", EMPTY is an operator's own word."""

    field: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Both:
    """AND of all parts, or OR when `either`."""

    parts: tuple["Condition", ...]
    either: bool = False


@dataclass(frozen=True)
class Opposite:
    """NOT."""

    part: "Condition"


Condition = Clause | Both | Opposite


@dataclass(frozen=True)
class Query:
    """The condition, if any, and the order: field names, each with whether it descends."""

    condition: Condition | None
    order: tuple[tuple[str, bool], ...] = ()


def parse(words: str) -> Query:
    """Read a query. Raises BadJql."""
    return _Parser(_tokens(words)).query()


def clauses(condition: Condition | None) -> list[Clause]:
    """Every clause in it."""
    match condition:
        case None:
            return []
        case Clause():
            return [condition]
        case Opposite(part):
            return clauses(part)
        case Both(parts):
            return [clause for part in parts for clause in clauses(part)]


def _tokens(words: str) -> list[tuple[str, str]]:
    tokens, position = [], 0
    while words[position:].strip():
        match = _TOKEN.match(words, position)
        if match is None:
            raise BadJql(text("jql_syntax", reason=f"unexpected character at {position}"))
        kind = match.lastgroup or ""
        value = match.group(kind)
        if kind == "string":
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        tokens.append((kind, value))
        position = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._next = 0

    def query(self) -> Query:
        condition = None
        if self._tokens and not self._at("order"):
            condition = self._either()
        order: tuple[tuple[str, bool], ...] = ()
        if self._takes("order"):
            self._needs("by")
            order = self._order()
        if self._next < len(self._tokens):
            raise self._unexpected()
        return Query(condition, order)

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._takes("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Both(tuple(parts), either=True)

    def _both(self) -> Condition:
        parts = [self._single()]
        while self._takes("and"):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _single(self) -> Condition:
        if self._takes("not"):
            return Opposite(self._single())
        if self._takes("("):
            inner = self._either()
            self._needs(")")
            return inner
        return self._clause()

    def _clause(self) -> Clause:
        field = self._value()
        if self._takes("is"):
            operator = "is not" if self._takes("not") else "is"
            if not (self._takes("empty") or self._takes("null")):
                raise self._unexpected()
            return Clause(field.lower(), operator)
        if self._takes("in"):
            return Clause(field.lower(), "in", self._list())
        if self._takes("not"):
            self._needs("in")
            return Clause(field.lower(), "not in", self._list())
        kind, operator = self._peek()
        if kind != "operator":
            raise self._unexpected()
        self._next += 1
        if self._takes("empty") or self._takes("null"):
            return Clause(field.lower(), "is" if operator == "=" else "is not")
        return Clause(field.lower(), operator, (self._operand(),))

    def _list(self) -> tuple[str, ...]:
        """Values in brackets, or a function that gives several."""
        if not self._at("("):
            value = self._operand()
            if not value.endswith("()"):
                raise self._unexpected()
            return (value,)
        self._needs("(")
        values = [self._operand()]
        while self._takes(","):
            values.append(self._operand())
        self._needs(")")
        return tuple(values)

    def _operand(self) -> str:
        value = self._value()
        if self._takes("("):
            self._needs(")")
            return f"{value}()"
        return value

    def _order(self) -> tuple[tuple[str, bool], ...]:
        order = []
        while True:
            field = self._value().lower()
            descends = self._takes("desc")
            if not descends:
                self._takes("asc")
            order.append((field, descends))
            if not self._takes(","):
                return tuple(order)

    def _value(self) -> str:
        kind, value = self._peek()
        if kind not in ("word", "string") or (kind == "word" and value.lower() in _RESERVED):
            raise self._unexpected()
        self._next += 1
        return value

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._next] if self._next < len(self._tokens) else ("end", "")

    def _at(self, word: str) -> bool:
        kind, value = self._peek()
        return kind in ("word", "mark") and value.lower() == word

    def _takes(self, word: str) -> bool:
        found = self._at(word)
        self._next += found
        return found

    def _needs(self, word: str) -> None:
        if not self._takes(word):
            raise self._unexpected()

    def _unexpected(self) -> BadJql:
        kind, value = self._peek()
        reason = "unexpected end" if kind == "end" else f"'{value}' was not expected here"
        return BadJql(text("jql_syntax", reason=reason))
