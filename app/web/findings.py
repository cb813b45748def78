"""Filters for what a check of a mapping has found."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from app.models import JiraConnection, ProjectMapping
from app.services.mapping import wording
from app.services.mapping.checks import Finding


def init_app(app: Flask) -> None:
    app.jinja_env.filters["finding_words"] = wording.words_of
    for function in (finding_sentence, mended_in_jira):
        app.jinja_env.filters[function.__name__] = function


def finding_sentence(
    kept: Mapping[str, Any], mapping: ProjectMapping, connection: JiraConnection
) -> str:
    """What stands in the way of `mapping`, and who can change that."""
    return wording.sentence_of(
        Finding.kept(kept), mapping.project_key, mapping.issue_type_name, connection.account_name
    )


def mended_in_jira(kept: Mapping[str, Any]) -> bool:
    """Whether a link to the project helps whoever reads the sentence."""
    return wording.is_mended_in_jira(Finding.kept(kept))
