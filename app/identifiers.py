"""The only door to new identifiers and secrets; what they are drawn from is `app.chance`."""

from base64 import urlsafe_b64encode
from uuid import UUID

from app import chance

LARGEST_ID = 2**31 - 1  # of an INTEGER column; PostgreSQL raises for more


def is_number(text: str) -> bool:
    """Whether it may be a row's id. Python itself refuses to read very long numbers."""
    return text.isdecimal() and len(text) < 19 and int(text) <= LARGEST_ID


def new_public_id() -> str:
    """An unguessable id that may leave the house (issue properties, URLs)."""
    return UUID(bytes=chance.random_bytes(16), version=4).hex


def new_request_id() -> str:
    """Twelve characters that tell one request's log lines from another's."""
    return chance.random_bytes(6).hex()


def new_secret() -> str:
    """43 characters for a URL or a cookie that only one person may hold."""
    return urlsafe_b64encode(chance.random_bytes(32)).rstrip(b"=").decode()
