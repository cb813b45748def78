"""Reference definitions: they make links, and nobody's words may vanish as one.

CommonMark takes "[Mia]: done" for the address of a link and shows nothing. Here a line defines
something only if its address can be a link and some link of the text refers to it.
"""

from collections.abc import Iterable, Iterator

from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from app.jira.adf.links import is_linkable, normalized
from app.jira.adf.tokens import paragraph


def definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The parser's rule for a definition whose address can be a link; it leaves a token."""
    line = state.line
    if not reference(state, start, end, silent):
        return False
    if silent:
        return True
    token = state.tokens[-1]
    if is_linkable(normalized(token.meta["url"])):
        token.content = state.getLines(start, state.line, state.blkIndent, False).strip()
        return True
    state.tokens.pop()
    if _defines(token, state.env["references"]):
        del state.env["references"][token.meta["id"]]
    state.line = line
    return False


def show_unused(state: StateCore) -> None:
    """Make a paragraph of each definition that no link refers to. To be run after the inlines."""
    if all(token.type != "definition" for token in state.tokens):
        return
    references = state.env.get("references", {})
    used = {label for token in state.tokens for label in _labels(token.children or ())}
    tokens: list[Token] = []
    for token in state.tokens:
        if token.type != "definition":
            tokens.append(token)
        elif token.meta["id"] not in used or not _defines(token, references):
            tokens += _shown(state, token.content)
    state.tokens = tokens


def _defines(token: Token, references: dict[str, dict[str, object]]) -> bool:
    """Whether the definition counts; of several for one label the first does."""
    return references[token.meta["id"]]["map"] == token.map


def _labels(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if "label" in token.meta:
            yield token.meta["label"]
        yield from _labels(token.children or ())


def _shown(state: StateCore, words: str) -> list[Token]:
    tokens = paragraph(words)
    without = {**state.env, "references": {}}
    tokens[1].children = state.md.inline.parse(words, state.md, without, [])
    return tokens
