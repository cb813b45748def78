"""Links that were e-mailed, as the demo's outbox keeps them: only for addresses under .test."""

import re

from app.extensions import db
from app.models import Mail

LINK = re.compile(r"/(?:invitations|password/links|account/email/links)/[\w-]{43}")


def links_for(email: str) -> list[str]:
    """The paths of the links that the address got, the newest first. A worker has to have run."""
    db.session.expire_all()
    kept = db.session.query(Mail.text).filter_by(address=email).order_by(Mail.id.desc()).all()
    db.session.commit()  # let go of the database: a browser is about to want it
    return [found[0] for (text,) in kept if (found := LINK.search(text or ""))]


def link_for(email: str) -> str:
    """The path of the newest link that the address got."""
    return links_for(email)[0]
