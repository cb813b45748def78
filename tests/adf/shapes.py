"""Markdown for Hypothesis: pieces of syntax in any order, and whole shapes with known words."""

import os
import textwrap
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EXAMPLES = os.environ.get("ADF_EXAMPLES")

thoroughly: Callable[[Any], Any] = settings(
    max_examples=int(EXAMPLES or 150),
    derandomize=EXAMPLES is None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""150 examples, the same in every run; ADF_EXAMPLES=20000 looks for new ones."""

_SYNTAX = """\
# |## |- |* |+ |1. |7) |> |>> |    |  |[|]|(|)|](|](https://a.b)|](javascript:x)|]()|![|\
*|**|_|__|~~|`|``|```|~~~|---|===|***|[ ] |[x] |[r]: https://a.b|[r]|<|>|<b>|</b>|\
<https://a.b>|<!--|&#10;|&#0;|&nbsp;|&amp;|\\|a|word|two words|https://a.b|"t"|:-:|\
😀|مرحبا|é|e\u0301|中文|\u200b|\u00a0|<br>|<i>|</i>|<sub>|<kbd>|</kbd>|<!-- |-->|<details>|\
<summary>a</summary>|</details>|> [!NOTE]|• |www.a.bc|a@b.cd|C:\\_|\\\\a\\_|PROJ-1|\
[r]: x y|[q]: z"""

pieces = st.sampled_from(
    [*_SYNTAX.split("|"), "|", "|-|-|\n", "|a|b|\n", "\n", "\n\n", "\n  ", "\n    ", "\t"]
    + ["  \n", "\r\n", "\r", "\x00", "\x07", "\x0c", "\x85", "\u2028", "\ud800", "\ufffe", " "]
)
"""Every sign that means something to the parser, and some that mean trouble."""

syntax = st.lists(pieces, max_size=60).map("".join)
characters = st.text(st.characters(exclude_categories=()), max_size=300)
anything = st.one_of(syntax, characters)

# A phrase is drawn as one number: letter by letter, drawing would take most of the time.
phrases = st.integers(0, 2**30).map(lambda number: _phrase(number))
_wraps = ["{}", "*{}*", "**{}**", "~~{}~~", "`{}`", "[{}](https://a.b)", "[{}](x:y)", "<b>{}</b>"]
_more = ["![{}](https://a.b/c.png)", "[**{}**]()", "[](https://e.f) {}", "{}  \n", "{}\\\n", "{}\n"]
_more += ["<sub>{}</sub>", "<u>{}", "{}<br>", "<!-- c -->{}", "[a](x 'wt') {}", "[{}](docs/wx)"]
inline = st.lists(st.tuples(st.sampled_from(_wraps + _more), phrases), min_size=1, max_size=5).map(
    lambda runs: " ".join(wrap.format(phrase) for wrap, phrase in runs).strip()
)
cells = st.lists(phrases, min_size=1, max_size=4).map(lambda row: f"| {' | '.join(row)} |")


def _phrase(number: int) -> str:
    """Up to four words of letters, each beginning with w."""
    letters = (chr(ord("a") + int(digit)) for digit in str(number))
    return "w" + "".join(f" w{letter}" if letter == "e" else letter for letter in letters)


def _leaf(text: str, shape: str) -> str:
    return shape.format(text)


_FENCES = ["```\n{}\n```", "~~~py\n{}\n", "    {}", "``` {} wv\nwx\n```"]
_fences = st.builds(_leaf, phrases, st.sampled_from(_FENCES))
_definitions = st.builds(_leaf, phrases, st.sampled_from(["[a]: {}", "[{}]: wx", "[wy]: wx 'wz'"]))
_headings = st.builds(_leaf, phrases, st.sampled_from(["# {}", "###### {} #", "{}\n===", "---"]))
_tables = st.lists(cells, min_size=1, max_size=3).map(
    lambda rows: "\n".join(["| wx | wy |", "|---|:-:|", *rows])
)


def _containers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=1, max_size=3).map("\n\n".join)
    prefixes = st.sampled_from(
        ["> ", "> [!TIP]\n> ", "<details>", "- ", "1. ", "8) ", "- [ ] ", "- [x] ", "1. [ ] "]
    )
    return st.builds(_prefixed, prefixes, several)


def _prefixed(prefix: str, text: str) -> str:
    if prefix == "<details>":
        return f"<details><summary>ws</summary>\n\n{text}\n\n</details>"
    if prefix[0] == ">":
        return prefix[:-2] + textwrap.indent(text, "> ", lambda line: True)
    depth = 3 if prefix[0].isdigit() else 2
    return prefix + textwrap.indent(text, " " * depth).lstrip()


blocks = st.recursive(
    st.one_of(inline, _fences, _headings, _tables, _definitions), _containers, max_leaves=6
)
shaped = st.lists(blocks, min_size=1, max_size=3).map("\n\n".join)
"""Markdown as people write it; every word begins with w and none may get lost."""
