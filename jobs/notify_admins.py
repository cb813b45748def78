"""Owes an organization's Owner and Admins word of trouble. Running it twice does no harm."""

from app.extensions import db
from app.queue import NOTIFY_ADMINS, silence
from app.services.mail import blocked_notices, suspension_notices, trouble_notices
from jobs.context import in_app


@in_app
def run(connection_id: int) -> None:
    """Owe the connection's e-mails if something is untold; `send_mail` sends them."""
    silence(connection_id, NOTIFY_ADMINS)
    trouble_notices.write(connection_id)
    blocked_notices.write(connection_id)
    suspension_notices.write(connection_id)
    db.session.commit()
