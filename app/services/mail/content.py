"""What an e-mail says, before it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Content:
    """A subject, and what the templates of its kind name.

    `secret`: a one-time link in it, which nobody but the addressee may read.
    `unsubscribe`: where the addressee turns the kind off by one click.
    """

    subject: str
    context: Mapping[str, object]
    secret: str = ""
    unsubscribe: str = ""
