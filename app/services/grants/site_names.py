"""What the connected site is called now: sites are renamed, and the cloud id is the identity."""

from sqlalchemy import update

from app.extensions import db
from app.models import IssueLink, JiraConnection


def follow(row: JiraConnection, name: str, url: str) -> None:
    """Take over what the site is called, and where it is; keys follow to the new address.

    The caller holds `row`, whose site it is, and commits.
    """
    row.site_name = name
    if url == row.site_url or not url.startswith(("https://", "http://")):
        return
    row.site_url = url
    db.session.execute(
        update(IssueLink)
        .where(IssueLink.connection_id == row.id, IssueLink.cloud_id == row.cloud_id)
        .values(site_url=url, revision=IssueLink.revision + 1)
    )
