"""The verbs by which a test or a switch changes the stand-in. One object; HTTP has the same."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from demo.jira_cloud.answers.refusals import JiraRefusal
from demo.jira_cloud.catalog.accounts import ACCOUNTS, ENG, Account, by_email
from demo.jira_cloud.catalog.sites import SITES, Site, types_of
from demo.jira_cloud.control.webhook_verbs import WebhookControl
from demo.jira_cloud.issues import actions
from demo.jira_cloud.issues.payloads import checked_values
from demo.jira_cloud.oauth import consent, tokens
from demo.jira_cloud.state import offered, records, search_index
from demo.jira_cloud.state.records import Desk, Issue

ACTOR = "owner@acme.test"
DONE = "10000"  # the resolution that people choose


class Control(WebhookControl):
    """Every public method is a verb. Sites go by slug, accounts by e-mail, issues by id or key.

    A verb that cannot be done raises ValueError with a sentence.
    """

    def reset(self) -> None:
        """Forget issues, grants, webhooks, faults and counts."""
        with self._world.transaction():
            self._world.clear()
        self._traffic.log.clear()
        self._traffic.limits.clear()
        self._deliveries.clear()

    # Issues

    def issues(self, site: str = ENG, project: str | None = None) -> list[dict[str, Any]]:
        """All issues of the site or project in order of creation, with everything known of them.

        `status` and `status_category` are words; people in `fields` are account ids.
        """
        with self._world.transaction():
            kept = self._world.table("issues").values()
            wanted = [
                each for each in kept if each["site"] == site and project in (None, each["project"])
            ]
            return [
                self._described(each) for each in sorted(wanted, key=lambda each: int(each["id"]))
            ]

    def issue(self, asked: str, site: str = ENG) -> dict[str, Any]:
        """One issue, found as `issues` describes it."""
        with self._world.transaction():
            return self._described(self._find(asked, site))

    def create_issue(
        self,
        project: str,
        summary: str,
        site: str = ENG,
        type: str = "Task",  # noqa: A002 - Jira's word
        actor: str = ACTOR,
        **fields: Any,
    ) -> dict[str, Any]:
        """Create an issue as somebody in Jira would; `fields` in the form of REST."""
        kind = types_of(self._project(project, site))[type].id
        target = {"project": {"key": project}, "issuetype": {"id": kind}}
        payload = {"fields": target | {"summary": summary} | fields}
        with self._world.transaction():
            return self._described(_said(actions.create, self._desk(site, actor), payload))

    def edit_issue(
        self, asked: str, site: str = ENG, actor: str = ACTOR, **fields: Any
    ) -> dict[str, Any]:
        """Change fields of an issue as somebody in Jira would; null empties."""
        with self._world.transaction():
            issue = self._find(asked, site)
            desk = self._desk(site, actor)
            project = self._project(issue["project"], site)
            values = _said(checked_values, desk, project, issue["type"], fields, issue["fields"])
            return self._described(actions.change(desk, issue, values))

    def transition_issue(
        self, asked: str, status: str, site: str = ENG, actor: str = ACTOR
    ) -> dict[str, Any]:
        """Bring an issue into a status of its workflow, by name, past screens and validators."""
        with self._world.transaction():
            issue = self._find(asked, site)
            project = self._project(issue["project"], site)
            ways = offered.workflow(self._world, project, issue["type"]).transitions
            named = [way for way in ways if way.to.name == status]
            if not named:
                raise ValueError(f"There is no status named {status}.")
            resolution = named[0].resolution
            if resolution is None and named[0].to.category == "done":
                resolution = DONE
            actions.transition(self._desk(site, actor), issue, named[0].to, resolution)
            return self._described(issue)

    def move_issue(
        self, asked: str, project: str, site: str = ENG, actor: str = ACTOR
    ) -> dict[str, Any]:
        """Move an issue to another project of the site."""
        with self._world.transaction():
            issue = self._find(asked, site)
            actions.move(self._desk(site, actor), issue, self._project(project, site))
            return self._described(issue)

    def delete_issue(self, asked: str, site: str = ENG, actor: str = ACTOR) -> None:
        """Delete an issue."""
        with self._world.transaction():
            actions.delete(self._desk(site, actor), self._find(asked, site))

    # Accounts and tokens

    def consent(
        self,
        url: str,
        account: str = "unpack@acme.test",
        sites: list[str] | None = None,
        accept: bool = True,
    ) -> str:
        """Press Accept (all sites unless some are named) or Decline on the consent page at `url`.

        Returns the URL that the browser is sent back to.
        """
        with self._world.transaction():
            try:
                asked = consent.read(self._world, dict(parse_qsl(urlsplit(url).query)))
                person = _person(account)
                if not accept:
                    return consent.decline(asked)
                picked = [s.slug for s in self._world.live_sites() if s.slug in person.sites]
                return consent.accept(
                    self._world, asked, person, picked if sites is None else sites
                )
            except consent.BadConsentRequest as bad:
                raise ValueError(f"{bad.error}: {bad.description}") from None

    def issue_tokens(
        self,
        account: str = "unpack@acme.test",
        sites: list[str] | None = None,
        scopes: list[str] | None = None,
    ) -> dict[str, Any]:
        """A token answer without the dance, for tests that begin connected."""
        person = _person(account)
        with self._world.transaction():
            granted = list(self._world.settings.scopes) if scopes is None else scopes
            reach = list(person.sites) if sites is None else sites
            family = tokens.consent(self._world, person, granted, reach)
            return tokens.issue_pair(self._world, family)

    def expire_access_tokens(self) -> int:
        """Let all access tokens end now; returns how many."""
        with self._world.transaction():
            return tokens.expire_access_tokens(self._world)

    def revoke(self, account: str | None = None) -> int:
        """End the app's grant of one account, or of all; returns how many ended."""
        person = None if account is None else _person(account).id
        with self._world.transaction():
            return tokens.revoke(self._world, person)

    def grants(self) -> list[dict[str, Any]]:
        """What was consented to: account, sites, scopes, whether revoked, and the refreshes."""
        with self._world.transaction():
            refreshed = self._world.table("refresh_tokens").values()
            return [
                {
                    "account": ACCOUNTS[family["account"]].email,
                    "sites": family["sites"],
                    "scopes": family["scopes"],
                    "revoked": family["revoked"],
                    "refreshes": sum(
                        1 for each in refreshed if each["family"] == name and each["parent"]
                    ),
                }
                for name, family in self._world.table("families").items()
            ]

    def client(self, client_secret: str | None = None, scopes: list[str] | None = None) -> None:
        """Change the app's entry in the developer console: its secret, the scopes it offers."""
        if client_secret is not None:
            self._world.adjust(client_secret=client_secret)
        if scopes is not None:
            self._world.adjust(scopes=tuple(scopes))

    # The log of requests

    def requests(self, operation: str | None = None, since: int = 0) -> list[dict[str, Any]]:
        """The requests that came, of one operation or all, after number `since`."""
        return self._traffic.log.entries(operation, since)

    def in_flight(self) -> list[dict[str, Any]]:
        """The requests that are being worked on right now; `port` is the caller's own."""
        return self._traffic.log.in_flight()

    def counters(self) -> dict[str, Any]:
        """How many requests by operation and status, the most at once, and the points spent."""
        return self._traffic.log.counters() | self._traffic.limits.state()

    def clear_requests(self) -> None:
        """Forget the requests so far."""
        self._traffic.log.clear()

    def catch_up(self) -> None:
        """Let the search index know everything at once."""
        with self._world.transaction():
            search_index.rebuild(self._world)

    # Names to things

    def _desk(self, site: str, actor: str) -> Desk:
        return Desk(self._world, _site(site), _person(actor))

    def _described(self, issue: Issue) -> dict[str, Any]:
        status = actions.status_of(self._world, issue)
        words = {"status": status.name, "status_category": status.category}
        return {**issue, **words, "fields": dict(issue["fields"])}

    def _find(self, asked: str, site: str) -> Issue:
        issue = records.find(self._world, _site(site), asked)
        if issue is None:
            raise ValueError(f"There is no issue {asked} on {site}.")
        return issue


def _site(slug: str) -> Site:
    if slug not in SITES:
        raise ValueError(f"There is no site named {slug}.")
    return SITES[slug]


def _person(email: str) -> Account:
    try:
        return by_email(email)
    except KeyError:
        raise ValueError(f"There is no account {email}.") from None


def _said(act: Any, *arguments: Any, **more: Any) -> Any:
    """Jira's refusal as a sentence."""
    try:
        return act(*arguments, **more)
    except JiraRefusal as refusal:
        raise ValueError(str(refusal.collection("en"))) from None
