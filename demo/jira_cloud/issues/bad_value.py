"""A value that Jira does not take for a field, and where the field is."""

from dataclasses import dataclass

from demo.jira_cloud.answers.texts import Text
from demo.jira_cloud.catalog.sites import Project
from demo.jira_cloud.state.records import Desk

UNNAMED = ""


class BadValue(Exception):
    """Carries the sentence that goes under the field's id in `errors`.

    under: another key than the field's id; UNNAMED puts it into `errorMessages`
    """

    def __init__(self, sentence: Text, under: str | None = None) -> None:
        super().__init__(sentence.name)
        self.sentence = sentence
        self.under = under


@dataclass(frozen=True)
class Place:
    """Who asks, and where the issue is or will be."""

    desk: Desk
    project: Project
    type_name: str
