"""What keeps a connection from working, in words: one table for pages and e-mails. Pure."""

from dataclasses import dataclass

from app.models import ConnectionState
from app.services.labels import plural


@dataclass(frozen=True)
class Trouble:
    """One kind of trouble.

    name: in two words, as a chip.
    heading, subject: a sentence, and an e-mail's subject. The site stands in both as {site}.
    cause: what may lie behind it; empty where the heading says it all.
    end: when it is over, after "when".
    remark: who acts, if not who reads it.
    reconnecting_helps: a new consent ends it.
    """

    name: str
    heading: str
    subject: str
    end: str
    cause: str = ""
    remark: str = ""
    reconnecting_helps: bool = True

    def heading_for(self, site: str) -> str:
        """site: its host name."""
        return self.heading.format(site=site)

    def outlook(self, waiting: int) -> str:
        """What becomes of so many action items that wait; empty if none does."""
        if not waiting:
            return ""
        go = "goes" if waiting == 1 else "go"
        items = plural(waiting, "action item is", "action items are")
        return f"{items} waiting and {go} out when {self.end}."


TROUBLES = {
    ConnectionState.NEEDS_RECONNECT: Trouble(
        name="Needs reconnect",
        heading="Atlassian no longer accepts Unpack’s access to {site}.",
        subject="Jira needs to be reconnected",
        end="you reconnect",
    ),
    ConnectionState.SITE_UNAVAILABLE: Trouble(
        name="Site unavailable",
        heading="The Jira site {site} is not available.",
        subject="the Jira site is not available",
        end="it is back",
        cause="It was suspended or deleted, or our account lost its place there.",
        remark="We look again at least every 15 minutes, and nobody need do anything if it comes "
        "back.",
    ),
    ConnectionState.MISCONFIGURED: Trouble(
        name="Set up wrongly",
        heading="This Unpack installation is set up wrongly, so it cannot use {site}.",
        subject="Unpack cannot use Jira at the moment",
        end="that is put right",
        cause="Atlassian does not accept its client secret, or its keys do not open the access "
        "that it keeps.",
        remark="Nobody can mend that in Jira or here: please tell whoever runs this Unpack "
        "installation. It then goes on by itself.",
        reconnecting_helps=False,
    ),
}
