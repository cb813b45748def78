"""Tokens of markdown-it that we make ourselves."""

from markdown_it.token import Token


def paragraph(words: str) -> list[Token]:
    """Return the tokens of a paragraph of `words`, whose inlines the parser will read."""
    opening, closing = Token("paragraph_open", "p", 1), Token("paragraph_close", "p", -1)
    return [opening, Token("inline", "", 0, content=words, children=[]), closing]


def text(words: str) -> Token:
    """Return an inline token of `words` as they are."""
    return Token("text", "", 0, content=words)
