"""What admins choose beside the project: field values, statuses, teams left out, a pause."""

from collections.abc import Callable
from typing import Any

from app.clock import utcnow
from app.extensions import db
from app.models import ProjectMapping
from app.services.connection import suspension
from app.services.mapping import sent_values
from app.services.mapping.mappings import Target, target_of
from app.services.owed import metadata_reads
from app.services.settings import save, save_values, value_forms
from app.services.settings.drafts import (
    DEFAULT,
    LEFT_OUT,
    NOTHING,
    Choice,
    Draft,
    StatusChoice,
)
from app.services.settings.value_rows import ValueDraft
from demo.jira_cloud.catalog.sites import PROJECTS, Project, issue_types
from demo.jira_cloud.catalog.workflows import DONE, IN_PROGRESS, TO_DO, WONT_DO
from tests.simulation.acts_on_settings import READING, ActsOnSettings

# By field what is typed for it, and what Jira is to be sent: of each, several that differ.
OFTEN_THERE: dict[str, list[tuple[list[str], Any]]] = {
    "labels": [(["retro"], ["retro"]), (["of-{team} retro"], ["of-{team}", "retro"])],
    "priority": [(["1"], {"id": "1"}), (["5"], {"id": "5"})],
}
# What the project that has every kind of field has beside these.
EVERY_KIND = "KIND"
OF_EVERY_KIND: dict[str, list[tuple[list[str], Any]]] = {
    "customfield_10101": [(["Found in a retro"], "Found in a retro"), (["By {team}"], "By {team}")],
    "customfield_10103": [(["3"], 3), (["2.5"], 2.5)],
    "customfield_10107": [([number], {"id": number}) for number in ("10200", "10202")],
    "customfield_10109": [(["10220", "10222"], [{"id": "10220"}, {"id": "10222"}])],
}
# What is typed for each field, and what Jira is to be sent.
Parts = dict[str, list[str]]
Typed = tuple[Parts, dict[str, Any]]
COMPLETED = ("", DONE.id, DONE.id, WONT_DO.id)
REOPENED = ("", TO_DO.id, IN_PROGRESS.id)
TASK = issue_types("acme-eng")["Task"].id


class ActsOnChoices(ActsOnSettings):
    """Saves each of them as the form does, and takes it back."""

    # Field values

    def value(self) -> None:
        """Choose the default's field values: other ones, more, fewer, none."""
        mapping = self._mapping(team=False)
        if mapping is not None:
            self.save_default(mapping.project_key, mapping.project_id, {})

    def map_with_values(self) -> None:
        """Choose the project with every kind of field for everybody, and values with it."""
        project = project_of(EVERY_KIND)
        self.save_default(project.key, project.id, {DEFAULT: Choice(project.id, TASK)})

    def value_of_team(self) -> None:
        """Choose the field values of a team that has a project of its own."""
        mapping = self._mapping(team=True)
        if mapping is None or mapping.team_id is None:
            return
        screen = value_forms.screen_of(self.connection.id, target_of(mapping))
        parts, sent = self._values(mapping.project_key, screen)
        default = sent_values.default_of(mapping, self.connection.mappings)
        may_follow = default is not None and sent_values.goes_where(mapping, default)
        follows = may_follow and self.dice.random() < 0.3
        draft = ValueDraft(mapping.version, parts, as_default=follows if may_follow else None)
        save_values.save(self.organization, self.user, mapping.id, draft, utcnow())
        whose, slot = self.customer, mapping.team_id
        kept = None if follows else sent
        self.say(
            f"sends of team {slot}: {'as the default' if follows else sorted(sent)}",
            lambda: self.world.auditor.valued(whose, slot, kept, follows=follows),
        )

    def save_default(
        self,
        key: str,
        project_id: str,
        choices: dict[int, Choice],
        typed: Callable[[str, Any], Typed] | None = None,
        told: Callable[[Parts], None] = lambda parts: None,
    ) -> None:
        """Save the default with values: those that `typed` makes of the screen, or any."""

        def wanted() -> tuple[Draft, Callable[[], None]]:
            draft, whose = self._saved(), self.customer
            target = Target(project_id, key, TASK)
            screen = value_forms.screen_of(self.connection.id, target)
            parts, sent = (typed or self._values)(key, screen)

            def say() -> None:
                if choices:
                    self.world.auditor.mapped(whose, DEFAULT, key)
                self.world.auditor.valued(whose, DEFAULT, sent)
                told(parts)

            values = ValueDraft(draft.version, parts)
            chosen = {**draft.choices, **choices}
            made = Draft(draft.version, draft.overrides, chosen, draft.returning, values=values)
            return made, say

        self._save_once_read(wanted, project_id, f"sends with each issue in {key}")

    def _values(self, key: str, screen: Any) -> Typed:
        """What is typed in, and what it means; only what the form offers."""
        offered = {**OFTEN_THERE, **(OF_EVERY_KIND if key == EVERY_KIND else {})}
        shown = {each.id for each in screen or () if each.kind}
        parts, sent = {}, {}
        for field_id, examples in offered.items():
            chosen, example = self.dice.random() < 0.7, self.dice.choice(examples)
            if chosen and (field_id in shown or screen is None):
                parts[field_id], sent[field_id] = example
        return parts, sent

    # Statuses

    def choose_status(self) -> None:
        """Choose which statuses issues get, or that they are left alone."""
        mapping = self._mapping(team=self.dice.random() < 0.3) or self._mapping(team=False)
        if mapping is not None:
            chosen = StatusChoice(self.dice.choice(COMPLETED), self.dice.choice(REOPENED))
            self.save_statuses(mapping, chosen)

    def save_statuses(self, mapping: ProjectMapping, chosen: StatusChoice) -> None:
        """Save them as the form does."""
        slot, project_id = mapping.team_id or DEFAULT, mapping.project_id

        def wanted() -> tuple[Draft, Callable[[], None]]:
            draft, whose = self._saved(), self.customer
            statuses = {**draft.statuses, slot: chosen}
            made = Draft(
                draft.version, draft.overrides, draft.choices, draft.returning, statuses=statuses
            )
            every = (chosen.completed, chosen.reopened, chosen.resolution)
            return made, lambda: self.world.auditor.statuses_chosen(whose, slot, *every)

        words = f"moves issues to {chosen.completed or '-'} and {chosen.reopened or '-'}"
        words += f" with {chosen.resolution}" if chosen.resolution else ""
        self._save_once_read(wanted, project_id, f"{words}, slot {slot}")

    # Teams, and all of it

    def leave_out(self) -> None:
        """Let a team's action items not be synced, or be synced again."""
        team = self.dice.choice(sorted(self.organization.teams, key=lambda each: each.id))
        self._leave_out({team.id: not team.do_not_sync})

    def pause_or_resume(self) -> None:
        """Pause syncing, or resume it."""
        if self.connection.suspended:
            self.resume()
        else:
            suspension.suspend(self.organization, self.user, f"Pause {self.number}", utcnow())
            self.say("pauses syncing", lambda: self.world.auditor.paused(self.customer, True))

    def pause_for_a_while(self) -> None:
        """Pause syncing, and resume it some minutes later."""
        self.pause_or_resume()
        self.world.scheduler.pause(self.dice.choice([20.0, 120.0, 1500.0]))
        if self.connection.suspended:
            self.resume()

    def resume(self) -> None:
        """Resume syncing."""
        suspension.resume(self.organization, self.user, utcnow())
        self.say("resumes syncing", lambda: self.world.auditor.paused(self.customer, False))

    def take_everybody_in(self) -> None:
        """Let the action items of all teams be synced again."""
        left_out = [team.id for team in self.organization.teams if team.do_not_sync]
        if left_out:
            self._leave_out(dict.fromkeys(left_out, False))

    def _leave_out(self, wanted: dict[int, bool]) -> None:
        draft, whose = self._saved(), self.customer
        choices = {slot: LEFT_OUT if out else NOTHING for slot, out in wanted.items()}
        made = Draft(draft.version, True, {**draft.choices, **choices}, draft.returning)
        save.save(self.organization, self.user, made, utcnow())
        words = ", ".join(f"{slot} {'not' if out else 'again'}" for slot, out in wanted.items())
        self.say(f"syncs teams: {words}", lambda: self.world.auditor.left_out(whose, wanted))

    # How it is saved

    def _mapping(self, *, team: bool) -> ProjectMapping | None:
        found = [each for each in self.connection.mappings if (each.team_id is not None) is team]
        found.sort(key=lambda each: each.id)
        return self.dice.choice(found) if found else None

    def _save_once_read(
        self, wanted: Callable[[], tuple[Draft, Callable[[], None]]], project_id: str, words: str
    ) -> None:
        """Save; where Jira has not told of the project yet, have it read and try once more."""
        for again in (True, False):
            draft, told = wanted()
            try:
                save.save(self.organization, self.user, draft, utcnow())
            except save.SettingsInvalid:
                db.session.rollback()
                if not again:
                    raise
                metadata_reads.want_types(self.connection, [project_id])
                db.session.commit()
                self.world.scheduler.pause(READING)
            else:
                self.say(words, told)
                return


def project_of(key: str) -> Project:
    """The project of Acme's site with that key."""
    return next(each for each in PROJECTS["acme-eng"] if each.key == key)
