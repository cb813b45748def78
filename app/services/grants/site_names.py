"""What the connected site is called now: sites are renamed, and the cloud id is the identity."""

from sqlalchemy import update

from app.extensions import db
from app.jira.types import Site
from app.models import IssueLink, JiraConnection


def follow(row: JiraConnection, site: Site) -> None:
    """Take over the name and the address of `site`; keys follow to the new address.

    The caller holds `row`, whose site it is, and commits.
    """
    row.site_name = site.name
    if site.url == row.site_url or not site.url.startswith(("https://", "http://")):
        return
    row.site_url = site.url
    db.session.execute(
        update(IssueLink)
        .where(IssueLink.connection_id == row.id, IssueLink.cloud_id == row.cloud_id)
        .values(site_url=site.url, revision=IssueLink.revision + 1)
    )
