"""What somebody typed into a form while their session ended: kept through the sign-in.

Nothing is stored. The words go to the browser encrypted, in the form for signing in, and come back
with it; only the account that typed them gets them back, within the hour. Whose they are the form
itself says, in a field that we have signed, because the session that would know is gone.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from flask import Flask, current_app, g, render_template, request
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer

from app.clock import utcnow
from app.models import User
from app.web import destinations

TYPED_BY = "typed_by"
KEPT_FOR = 3600  # seconds
# By endpoint: what was not saved, and the fields that a person sees of it, with their labels.
_ITEM = {"title": "Title", "description": "Description"}
_FORMS: dict[str, tuple[str, dict[str, str]]] = {
    "action_items.create": ("This action item", _ITEM),
    "action_items.update": ("Your change of this action item", _ITEM),
    "team_retrospectives.create": ("This retrospective", {"title": "Title"}),
    "invitations.create": ("This invitation", {"email": "E-mail"}),
    "team_settings.create": ("This team", {"name": "Name"}),
    "team_settings.update": ("The team’s name", {"name": "Name"}),
    "jira_settings.update": ("Your change of the Jira settings", {}),
}

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Unsaved:
    """What can be sent again. shown: label, name and value of each field that a person typed."""

    what: str
    action: str
    shown: list[tuple[str, str, str]]
    hidden: Pairs


def init_app(app: Flask) -> None:
    app.jinja_env.globals["typed_by"] = typed_by


def typed_by() -> str:
    """Of a form: who fills it in."""
    return str(_signer().dumps(current_user.id)) if current_user.is_authenticated else ""


def sealed() -> str:
    """What this request's form brought, for `SignInForm`; empty if there is nothing to keep."""
    author = _author()
    if author is None or request.endpoint not in _FORMS:
        return ""
    content = {"author": author, "endpoint": request.endpoint, "action": _path(), "form": _typed()}
    return _fernet().encrypt_at_time(json.dumps(content).encode(), _now()).decode()


def opened(text: str, user: User) -> Unsaved | None:
    """What `sealed` kept, if it is `user` who typed it, and lately."""
    try:
        content = json.loads(_fernet().decrypt_at_time(text.encode(), KEPT_FOR, _now()))
    except InvalidToken:
        return None
    if content["author"] != user.id:
        return None
    return _unsaved(content["endpoint"], content["action"], [(n, v) for n, v in content["form"]])


def of_this_person() -> Unsaved | None:
    """What a page of an earlier session of the same person sends: they signed in elsewhere."""
    if not current_user.is_authenticated or _author() != current_user.id:
        return None
    return _unsaved(request.endpoint or "", _path(), _typed())


def page(unsaved: Unsaved) -> str:
    """Shows what was not saved, to be sent again by a press: never by itself."""
    g.pop("csrf_token", None)  # this answer's forms are of the session that has just begun
    g.pop("masked_token", None)
    return render_template("sessions/unsaved.html", unsaved=unsaved, place=place())


def place() -> str:
    """Where the person is, as a path of ours; empty where the browser does not tell, or tells of
    what a link would not take for a path."""
    parts = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    place = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return place if destinations.is_own(place) else ""


def _unsaved(endpoint: str, action: str, typed: Pairs) -> Unsaved | None:
    if endpoint not in _FORMS:
        return None
    what, labels = _FORMS[endpoint]
    shown = [(labels[name], name, value) for name, value in typed if name in labels]
    return Unsaved(what, action, shown, [pair for pair in typed if pair[0] not in labels])


def _typed() -> Pairs:
    ours = {TYPED_BY, current_app.config["WTF_CSRF_FIELD_NAME"]}
    return [pair for pair in request.form.items(multi=True) if pair[0] not in ours]


def _path() -> str:
    return request.script_root + request.path


def _author() -> int | None:
    try:
        return int(_signer().loads(request.form.get(TYPED_BY, "")))
    except BadSignature:
        return None


def _now() -> int:
    return int(utcnow().timestamp())


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=TYPED_BY)


def _fernet() -> Fernet:
    """Under a key of its own: what is typed is no token of Jira's."""
    key = hashlib.sha256(f"unsaved {current_app.config['SECRET_KEY']}".encode()).digest()
    return Fernet(urlsafe_b64encode(key))
