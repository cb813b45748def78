"""Claim, probe, plan, push, read back: until nothing is due or there is no right to go on."""

import logging
from dataclasses import replace

from app.drain import (
    adopting,
    claiming,
    late_sprints,
    marking,
    planning,
    reading_back,
    spending,
    transitions,
)
from app.drain.claiming import Claimed
from app.drain.current import Current
from app.drain.pushing import push
from app.drain.second_looks import look_twice
from app.drain.unknown_creates import settle_unknown
from app.drain.without_token import put_off
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraUnauthorized
from app.services.grants import verdicts
from app.services.grants.clients import client_for
from app.services.grants.tokens import access_token_of
from app.services.linking import unmarked
from app.services.outbound import duplicates, fence
from app.services.outbound.send import before_request
from app.services.restoring import adoptions_due
from app.services.work.leases import Lease

log = logging.getLogger(__name__)


class NoToken(Exception):
    """Atlassian gave no token just now; its `error` says why."""

    def __init__(self, error: JiraError) -> None:
        super().__init__(str(error))
        self.error = error


class Reconnected(Exception):
    """The only token is one of a later grant: of another account perhaps, or of another site."""


class Drain:
    """Rounds of work under one lease."""

    def __init__(self, lease: Lease) -> None:
        self.current = Current(lease)
        self.claimed = Claimed()

    def round(self) -> bool:
        """Push one claim of due links, then read what is owed; False when nothing is left to do,
        or there is no right to it.

        What is asked in vain goes on in the same transaction: it has locked the lease alone.
        Raises JiraUnauthorized when Atlassian turned our token down.
        """
        try:
            pushed = self._push_due()
            marked = self._mark_chosen()
            moved = self._bring_owed()
            planned = self._set_sprints()
            adopted = self.current.lease.on_hold and self._adopt()
            returned = self._read_back()
            worked = adopted or moved or planned or pushed or marked
            return self._look_twice() or returned or worked
        except NoToken as lack:
            put_off(self.current, self.claimed.claims, lack.error)
            return False
        except Reconnected:
            return False

    def _push_due(self) -> bool:
        """Claim, settle what is unknown, plan, send. False when nothing could be claimed."""
        claimed = self._claim()
        if not claimed.claims:
            return False
        values = planning.values(claimed.claims)
        client = self._client()
        if stamped := [claim for claim in claimed.claims if claim.stamp]:
            settle_unknown(self.current, client, stamped)
        push(self.current, client, planning.plans(self.current, client, claimed, values))
        if self.current.unauthorized is not None:
            raise self.current.unauthorized
        return True

    def _mark_chosen(self) -> bool:
        """Let issues that people chose say whose they are: before it, nothing else is sent."""
        chosen = unmarked.claim(self.current.lease)
        if not chosen:
            return False
        db.session.commit()
        try:
            client = self._client()
        except NoToken as lack:
            marking.fail_without_token(self.current, chosen, lack.error)
            raise
        marking.mark(self.current, client, chosen)
        return True

    def _bring_owed(self) -> bool:
        """Bring issues to the statuses that they owe; what their fields owe has gone out."""
        owed = transitions.due(self.current)
        if not owed:
            return False
        db.session.commit()
        return transitions.bring(self.current, self._client(), owed)

    def _set_sprints(self) -> bool:
        """Set the active sprint where a create went without; keys never wait for it."""
        owed = late_sprints.due(self.current)
        if not owed:
            return False
        db.session.commit()
        return late_sprints.set_them(self.current, self._client(), owed)

    def _adopt(self) -> bool:
        """Search the site, if that is due, for what a restored database has forgotten."""
        may_read = fence.may_read(self.current.lease)
        search = adoptions_due.search_of(self.current.lease) if may_read else None
        if search is None:
            return False
        db.session.commit()
        adopting.look(self.current, self._client(), search)
        return True

    def _read_back(self) -> bool:
        returned = False
        if reading_back.owed(self.current):
            db.session.commit()
            returned = reading_back.read_back(self.current, self._client())
        spending.settle(self.current)
        return returned

    def _look_twice(self) -> bool:
        doubted = duplicates.due(self.current.lease)
        may_look = bool(doubted) and fence.may_read(self.current.lease)
        db.session.commit()
        if may_look:
            look_twice(self.current, self._client(), doubted)
        return may_look

    def recovers_from(self, error: JiraUnauthorized) -> bool:
        """Look once whether the grant still works; False when due links must wait untouched."""
        claiming.give_back(self.current.lease)
        db.session.commit()
        if self.current.token is None:
            return False  # the token could not be had at all: the connection says why
        if self.current.examined:
            verdicts.give_up(self.current.lease, error)
            db.session.commit()
            return False
        self.current.examined = True
        self.current.unauthorized = None
        return self._examine(error)

    def _examine(self, error: JiraUnauthorized) -> bool:
        assert self.current.token is not None
        try:
            self.current.token = verdicts.renewed(self.current.token, error)
        except JiraUnauthorized as dead:
            verdicts.give_up(self.current.lease, dead)
            db.session.commit()
            return False
        except JiraError as trouble:
            log.warning("grant not examined", extra=self.current.ids(error=str(trouble)))
            put_off(self.current, self._claim().claims, trouble)
            return False
        self.current.site_answers = self.current.token.site_answers
        return True

    def _claim(self) -> Claimed:
        self.claimed = claiming.claim(self.current.lease)
        db.session.commit()
        return self.claimed

    def _client(self) -> JiraClient:
        """Raises NoToken, Reconnected, and JiraUnauthorized when only a reconnect helps."""
        try:
            self.current.token = access_token_of(self.current.lease.connection_id)
        except JiraUnauthorized:
            raise
        except JiraError as error:
            raise NoToken(error) from error
        # What another site does not show would pass for an issue that was never created.
        if self.current.token.generation != self.current.lease.generation:
            raise Reconnected
        token = replace(self.current.token, site_answers=self.current.site_answers)
        return client_for(token, before_request=before_request)
