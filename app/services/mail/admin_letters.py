"""E-mails to an organization's Owner and Admins about its connection."""

from flask import current_app

from app.models import JiraConnection, MailAbout, Organization
from app.services.mail import admin_addresses, outbox


def owe(
    connection: JiraConnection, about: MailAbout, subject: str, template: str, **context: object
) -> None:
    """Owe the e-mail that `templates/mails/<template>` (`.txt` and `.html`) draws from `context`.

    What every one of them names is there: organization, connection, site and settings_url.
    """
    organization = connection.organization
    named = {
        "organization": organization,
        "connection": connection,
        "site": connection.site_url.partition("://")[2],
        "settings_url": _settings_url(organization),
    }
    text, html = (_rendered(f"mails/{template}.{kind}", named | context) for kind in _KINDS)
    recipients = admin_addresses.of_organization(organization)
    outbox.write(connection, about, recipients, _one_line(subject), text, html)


_KINDS = ("txt", "html")


def _one_line(subject: str) -> str:
    """Names in it are other people's words, and a line break would end the header."""
    return " ".join(subject.split())[:255]


def _settings_url(organization: Organization) -> str:
    base = current_app.config["PUBLIC_URL"]
    return f"{base}/organizations/{organization.slug}/settings/integrations/jira"


def _rendered(name: str, context: dict[str, object]) -> str:
    # Not `render_template`: what surrounds a page belongs to a request, and there is none.
    return current_app.jinja_env.get_template(name).render(context)
