"""What an installation needs of others: a mail server, a way in from outside, and Atlassian."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests
from flask import current_app
from sqlalchemy import func, select

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import GrantRefused, JiraError, JiraRateLimited, JiraUnavailable
from app.models import JiraConnection, JiraSettings, Mail, Organization
from app.operations.doctor.finding import Finding, amber, green, red
from app.operations.doctor.inside import compared_clock
from app.services.grants.clients import oauth
from app.services.labels import plural
from app.services.mail import smtp
from app.services.webhooks import health_facts
from app.services.webhooks.health import HealthState
from config import is_loopback

PATIENCE = 10  # seconds
NO_TOKEN = "a-refresh-token-that-nobody-was-given"  # noqa: S105 - that is what it is for
UNTRUSTED = "no certificate that is trusted here (an authority of your own: REQUESTS_CA_BUNDLE)"
BAD = (HealthState.NOT_REGISTERED, HealthState.SILENT, HealthState.UNTESTED)


@dataclass(frozen=True)
class Answer:
    """What came back from an address: its time by the clock there, and what it said."""

    status: int
    date: datetime | None
    words: str
    headers: dict[str, str]


def mail() -> Iterator[Finding]:
    url = current_app.config["SMTP_URL"]
    if not url:
        yield amber(
            "mail",
            "none is sent: invitations and forgotten passwords need commands",
            "set SMTP_URL and MAIL_FROM",
        )
        return
    failing = db.session.scalar(
        select(func.count()).where(Mail.due_at.is_not(None), Mail.tries > 0)
    )
    db.session.rollback()
    try:
        smtp.greet(url)
        yield green("mail", "the server takes us")
    except smtp.MailNotSent as error:
        yield red("mail", f"the server does not take us: {error}", "mend SMTP_URL, or the server")
    if failing:
        yield amber(
            "mail",
            f"{plural(failing, 'e-mail')} could not be sent yet",
            "look for `mail` in the workers' log; they are tried again by themselves",
        )


def way_in() -> Iterator[Finding]:
    """How PUBLIC_URL looks from this machine, which may be another way than from outside."""
    url, subject = str(current_app.config["PUBLIC_URL"]), "way in"
    answer = _get(f"{url}/healthz")
    if isinstance(answer, str):
        yield red(
            subject,
            f"{url} does not answer here: {answer}",
            "start the web server and what stands in front, or mend PUBLIC_URL",
        )
        return
    if answer.status != 200 or answer.words.strip() != "ok":
        yield red(
            subject,
            f"at {url} answers something else ({answer.status})",
            "let the proxy pass all of this address to Unpack",
        )
        return
    yield green(subject, f"{url} answers, as seen from this machine")
    yield from _headers(url)


def _headers(url: str) -> Iterator[Finding]:
    """What the web server has understood of the request tells what the proxy has told it."""
    door, https = _get(f"{url}/sign-in"), urlsplit(url).scheme == "https"
    if isinstance(door, str) or door.status != 200:
        said = door if isinstance(door, str) else f"{door.status} {door.words.strip()[:80]}"
        yield red(
            "proxy",
            f"the sign-in page is not shown: {said}",
            "let the proxy set Host or X-Forwarded-Host, and set PROXY_COUNT",
        )
        return
    if not https:
        loopback = is_loopback(urlsplit(url).hostname or "")
        if loopback:
            yield amber(
                "proxy",
                "this machine alone reaches it, so Jira cannot deliver webhooks",
                "for webhooks, an https address that Atlassian reaches",
            )
        return
    if current_app.config["HTTPS_ONLY"] and "strict-transport-security" not in door.headers:
        yield red(
            "proxy",
            "Unpack does not know that people come by https",
            "let the proxy set X-Forwarded-Proto, and set PROXY_COUNT to how many there are",
        )
    else:
        yield green("proxy", "tells that people come by https, and under which name")


def atlassian() -> Iterator[Finding]:
    for name in ("ATLASSIAN_API_URL", "ATLASSIAN_AUTH_URL"):
        url = str(current_app.config[name])
        answer = _get(url)
        if isinstance(answer, str):
            yield red(
                "atlassian",
                f"{url} cannot be reached: {answer}",
                "let this machine out to it by https (firewall, DNS, proxy)",
            )
            return
    yield green("atlassian", "can be reached")
    if isinstance(answer, Answer) and answer.date is not None:
        yield compared_clock("Atlassian", answer.date)
    yield _app_at_atlassian()


def _app_at_atlassian() -> Finding:
    """Asked with a token that nobody has: who is known is told that it is none."""
    subject, config = "atlassian app", current_app.config
    if not (config["JIRA_CLIENT_ID"] and config["JIRA_CLIENT_SECRETS"]):
        return red(
            subject,
            "none is set, so nobody can connect",
            "set JIRA_CLIENT_ID and JIRA_CLIENT_SECRET: docs/atlassian-app.md",
        )
    db.session.rollback()
    try:
        oauth().refresh(NO_TOKEN)
    except GrantRefused:
        return green(subject, "client ID and secret are accepted")
    except JiraUnavailable as error:
        if error.misconfigured:
            return red(
                subject,
                "Atlassian refuses client ID or secret",
                "copy both anew from the developer console, and restart every process",
            )
        return amber(
            subject,
            "Atlassian did not say whether it knows client ID and secret",
            "ask again in a minute",
        )
    except JiraRateLimited:
        return amber(subject, "Atlassian asked us to wait", "ask again in a minute")
    except JiraError as error:
        return amber(subject, f"Atlassian answered something unexpected: {error}", "ask again")
    return amber(subject, "Atlassian took a token that it never gave", "look at ATLASSIAN_AUTH_URL")


def webhooks() -> Iterator[Finding]:
    wanting = db.session.scalars(
        select(JiraConnection)
        .join(Organization, Organization.id == JiraConnection.organization_id)
        .join(JiraSettings, JiraSettings.organization_id == Organization.id)
        .where(JiraSettings.webhooks_enabled)
        .order_by(JiraConnection.id)
    ).all()
    health = [health_facts.health_of(each) for each in wanting]
    db.session.rollback()
    if not wanting:
        yield green("webhooks", "no organization has switched them on")
        return
    bad = [each for each in health if each.state in BAD]
    latest = max(
        (each.deliveries.last_at for each in health if each.deliveries.last_at), default=None
    )
    came = f"the last delivery came {_ago(latest)}" if latest else "none has ever come"
    of_all = f"of {plural(len(health), 'organization')}"
    if bad:
        yield amber(
            "webhooks",
            f"{len(bad)} {of_all} get none; {came}",
            "their settings page says why, and its *Send test* tells; is PUBLIC_URL"
            " reachable from the internet?",
        )
    elif latest is None:
        yield amber(
            "webhooks",
            f"nothing wrong is known {of_all}, but none has ever come",
            "press *Send test* on a settings page",
        )
    else:
        yield green("webhooks", f"arrive {of_all}: {came}")


def _ago(moment: datetime) -> str:
    minutes = int((utcnow() - moment).total_seconds() // 60)
    if minutes < 120:
        return f"{plural(minutes, 'minute')} ago"
    return f"{minutes // 60} hours ago"


def _get(url: str) -> Answer | str:
    """What is answered, or why nothing is. Follows no redirect and shows nothing secret."""
    try:
        answer = requests.get(url, timeout=PATIENCE, allow_redirects=False)
    except requests.exceptions.SSLError:
        return UNTRUSTED
    except requests.RequestException as error:
        return type(error).__name__
    date = answer.headers.get("Date")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(
        answer.status_code, parsedate_to_datetime(date) if date else None, answer.text, headers
    )
