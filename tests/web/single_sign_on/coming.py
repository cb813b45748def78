"""On the way to the provider and back, and who is in afterwards."""

from urllib.parse import urlsplit

import requests
from sqlalchemy import func, select

from app.extensions import db
from app.models import User, UserSession
from tests.support.people import Answer

START = "/sign-in/single-sign-on"
MAYA = {"sub": "m-1", "email": "member1@acme.test", "email_verified": True, "name": "Maya Chen"}


def back(answer: Answer) -> str:
    """Where the provider sends the browser that was sent to it, as a path of ours."""
    there = requests.get(answer.location, allow_redirects=False, timeout=5)
    parts = urlsplit(there.headers["Location"])
    assert parts.netloc == "localhost:5050"
    return f"{parts.path}?{parts.query}"


def people_in() -> list[str]:
    """The addresses of who is signed in somewhere, in the order in which they came."""
    emails = select(User.email).join(UserSession).order_by(UserSession.id)
    return list(db.session.scalars(emails))


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0
