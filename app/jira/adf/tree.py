"""Block Markdown tokens as a tree, and where in a document a block may stand."""

from dataclasses import dataclass, field
from enum import Enum

from markdown_it.token import Token


class Place(Enum):
    """Where a block stands: it decides what the block may become (jira-platform.md §6)."""

    ROOT = "root"
    EXPAND = "expand"
    PANEL = "panel"
    QUOTE = "quote"
    ITEM = "item"

    @property
    def takes_all(self) -> bool:
        """Whether tables, quotes and panels may stand here."""
        return self in (Place.ROOT, Place.EXPAND)

    @property
    def takes_headings(self) -> bool:
        """Whether headings and rules may stand here."""
        return self in (Place.ROOT, Place.EXPAND, Place.PANEL)

    @property
    def takes_tasks(self) -> bool:
        return self is not Place.QUOTE


@dataclass(slots=True)
class Block:
    """A block token with what stands inside it; `words` are its inline tokens."""

    token: Token
    children: list["Block"] = field(default_factory=list)
    words: list[Token] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.token.type.removesuffix("_open")

    @property
    def is_task(self) -> bool:
        return bool(self.children) and _starts_with_mark(self.children[0].words)


def _starts_with_mark(words: list[Token]) -> bool:
    return bool(words) and words[0].type == "task_mark"


def tree(tokens: list[Token]) -> list[Block]:
    """Return the blocks of a token stream as a tree."""
    root = Block(Token("root", "", 0))
    branch = [root]
    for token in tokens:
        if token.type == "inline":
            branch[-1].words = token.children or []
        elif token.nesting < 0:
            branch.pop()
        else:
            block = Block(token)
            branch[-1].children.append(block)
            branch += [block] if token.nesting > 0 else []
    return root.children
