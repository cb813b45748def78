"""Fields that were changed here and in Jira, as a person compares them before deciding."""

from dataclasses import dataclass
from datetime import datetime

from app.jira import adf
from app.models import ActionItem, IssueLink
from app.models.difference import differences_of
from app.services.fields.table import BY_ID


@dataclass(frozen=True)
class TwoTexts:
    """One field on both sides.

    field_id, name: Jira's id, and what a person calls it.
    seen: names what is shown of Jira, so that nothing else is replaced.
    by, at: who wrote it there and when (aware UTC), as far as Jira told.
    """

    field_id: str
    name: str
    here: str
    in_jira: str
    seen: str
    by: str = ""
    at: datetime | None = None


def of(item: ActionItem, link: IssueLink) -> tuple[TwoTexts, ...]:
    """What waits for a decision; nothing for most."""
    return tuple(
        TwoTexts(
            field_id=field_id,
            name=BY_ID[field_id].name,
            here=_words(getattr(item, BY_ID[field_id].attribute)),
            in_jira=difference.text,
            seen=difference.seen,
            by=difference.by,
            at=difference.at,
        )
        for field_id, difference in differences_of(link).items()
        if field_id in BY_ID
    )


def _words(markdown: str) -> str:
    """As Jira's are shown: what one reads of the document that would be sent."""
    return adf.words(adf.document(markdown))
