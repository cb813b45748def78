"""Tables with every cell that was written: GitHub's rule drops those beyond the header."""

from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

MOST_CELLS = 10_000
"""A table is made wider up to these, because one long row among many would make millions."""

MOST_TOKENS = 20_000
"""No table is begun beyond these: two characters can be a row of thousands of empty cells."""


def whole_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The parser's rule for a table as wide as its longest row."""
    spent, before = state.env.setdefault("table_tokens", 0), len(state.tokens)
    if spent >= MOST_TOKENS or not table(state, start, end, silent):
        return False
    if not silent:
        state.tokens[before:] = _widened(state, state.tokens[before:])
        state.env["table_tokens"] = spent + len(state.tokens) - before
    return True


def _widened(state: StateBlock, tokens: list[Token]) -> list[Token]:
    rows = [token for token in tokens if token.type == "tr_open"]
    cells = {id(row): _cells(state, row) for row in rows}
    header = len(cells[id(rows[0])])
    widest = max(map(len, cells.values()))
    if widest == header:
        return tokens
    width = max(header, min(widest, MOST_CELLS // len(rows)))
    widened: list[Token] = []
    row = rows[0]
    for token in tokens:
        if token.type == "tr_open":
            row = token
        elif token.type == "tr_close":
            written = cells[id(row)]
            if len(written) > width:
                written = [*written[: width - 1], " | ".join(written[width - 1 :])]
                widened[-2].content = written[-1] if width == header else widened[-2].content
            widened += _more(row is rows[0], written, header, width)
        widened.append(token)
    return widened


def _cells(state: StateBlock, row: Token) -> list[str]:
    assert row.map is not None
    line = row.map[0]
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
    cells = escapedSplit(mdTrim(text))
    if cells and cells[0] == "":
        del cells[0]
    if cells and cells[-1] == "":
        del cells[-1]
    return [mdTrim(cell) for cell in cells]


def _more(is_header: bool, written: list[str], start: int, end: int) -> list[Token]:
    """The tokens of the cells `start` to `end` of a row, empty where nothing is written."""
    tag = "th" if is_header else "td"
    tokens: list[Token] = []
    for at in range(start, end):
        words = written[at] if at < len(written) else ""
        tokens.append(Token(f"{tag}_open", tag, 1))
        tokens.append(Token("inline", "", 0, content=words, children=[]))
        tokens.append(Token(f"{tag}_close", tag, -1))
    return tokens
