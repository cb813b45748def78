"""What a person may write as title and description: what is kept of it, and how much."""

from app.jira import adf

TITLE_LIMIT = 255
DESCRIPTION_LIMIT = adf.MARKDOWN_LIMIT


def clean_title(typed: str) -> str:
    """Return the title as it is kept: one line, and "" if nobody would see anything.

    The issue's summary is cleaned alike, so that both say the same.
    """
    return adf.clean_title(typed)


def clean_description(typed: str) -> str:
    """Return the Markdown as it is kept: every kind of line break a newline, nothing unprintable.

    Browsers send CRLF, and PostgreSQL cannot store a zero.
    """
    return adf.clean_source(typed)


def fits(text: str, limit: int) -> bool:
    """Whether `text` has at most `limit` characters as Jira counts them: an emoji is two."""
    return adf.units(text) <= limit


def is_taken_whole(description: str) -> bool:
    """Whether Jira takes the description without a cut: short signs can make a large document."""
    return adf.is_taken_whole(description)
