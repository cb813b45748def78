"""What an e-mail says, before it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Content:
    """A subject, and what the templates of its kind name."""

    subject: str
    context: Mapping[str, object]
