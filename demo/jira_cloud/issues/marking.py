"""How a list of suggestions finds and marks what somebody typed."""

import re


def begins(typed: str, words: str) -> bool:
    """Whether a word of it begins with what was typed; nothing typed fits everything."""
    return not typed or _pattern(typed).search(words) is not None


def marked(typed: str, words: str) -> str:
    """The words with the part that fits in HTML's bold, and nothing else of HTML."""
    return _pattern(typed).sub(r"<b>\g<0></b>", words, count=1) if typed else words


def _pattern(typed: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(typed)}", re.IGNORECASE)
