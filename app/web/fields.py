"""Fields of several forms: names and titles, with the sentences for what is wrong with them."""

from wtforms import StringField
from wtforms.validators import DataRequired, Length

LONGEST_NAME, LONGEST_TITLE = 120, 200


def name_field(label: str = "Name", empty: str = "Enter a name.") -> StringField:
    """A name of somebody or something; `empty` is said where there is none."""
    return StringField(label, _limits(empty, LONGEST_NAME, "A name"))


def title_field() -> StringField:
    """The title of a retrospective."""
    return StringField("Title", _limits("Enter a title.", LONGEST_TITLE, "A title"))


def _limits(empty: str, longest: int, what: str) -> list[DataRequired | Length]:
    too_long = f"{what} has at most {longest} characters."
    return [DataRequired(empty), Length(max=longest, message=too_long)]
