"""The verbs about what projects ask and offer: types, fields, options, validators, workflows."""

from typing import Any

from demo.jira_cloud.catalog.accounts import ENG
from demo.jira_cloud.catalog.fields import FIELDS, KINDS, SPARE
from demo.jira_cloud.catalog.screens import kinds_of
from demo.jira_cloud.catalog.sites import PROJECTS, Project
from demo.jira_cloud.catalog.workflows import WORKFLOWS
from demo.jira_cloud.control.weather_verbs import WeatherControl, place_of
from demo.jira_cloud.issues import actions
from demo.jira_cloud.issues.changelog import option_names
from demo.jira_cloud.state import sprints
from demo.jira_cloud.state.conditions import EVERY


class ScreenControl(WeatherControl):
    """A part of the control interface; see `control.Control`.

    A field goes by its id or by its kind: text, select, cascading, … (`catalog.fields.KINDS`). Of a
    kind a team-managed project has a field of its own.
    """

    def remove_type(
        self,
        type: str,
        project: str = EVERY,
        site: str = EVERY,
        on: bool = True,  # noqa: A002
    ) -> None:
        """Take an issue type, by name, out of a project, or put it back."""
        self._switch("types_removed", {**place_of(site, project), "type": type}, on)

    def remove_field(
        self,
        field: str,
        project: str = EVERY,
        type: str = EVERY,  # noqa: A002
        site: str = EVERY,
        on: bool = True,
    ) -> None:
        """Take a field off the screen, or put it back."""
        self._field("fields_removed", field, project, type, site, on)

    def require_field(
        self,
        field: str,
        project: str = EVERY,
        type: str = EVERY,  # noqa: A002
        site: str = EVERY,
        on: bool = True,
    ) -> None:
        """Make a field required, or optional again."""
        self._field("fields_required", field, project, type, site, on)

    def refuse_field(
        self,
        field: str,
        project: str = EVERY,
        type: str = EVERY,  # noqa: A002
        site: str = EVERY,
        when: str = EVERY,
        on: bool = True,
    ) -> None:
        """Refuse every value of a field under its name, though its screen lists it, or take it.

        when: by `create` or by `edit` alone; both otherwise.
        """
        place = {**place_of(site, project), "type": type}
        identity = self._field_id(field, project, site)
        self._switch("fields_refused", {**place, "field": identity, "when": when}, on)

    def add_field(
        self,
        field: str,
        project: str,
        type: str = EVERY,  # noqa: A002
        site: str = ENG,
        required: bool = False,
        on: bool = True,
    ) -> str:
        """Put a field on the screen, at its end, or take it off again. Returns its id."""
        identity = self._field_id(field, project, site)
        place = {**place_of(site, project), "type": type, "field": identity}
        self._switch("fields_added", place, on)
        self._switch("fields_required", place, on and required)
        return identity

    def add_spare_fields(
        self,
        count: int,
        project: str,
        type: str = EVERY,  # noqa: A002
        site: str = ENG,
    ) -> None:
        """Make a screen longer by so many optional fields, at most 400."""
        for field in SPARE[:count]:
            self.add_field(field.id, project, type, site)

    def remove_option(
        self, field: str, option: str, project: str = "PLAT", site: str = ENG, on: bool = True
    ) -> None:
        """Delete an option, child, component, version or level, by name or id; `*` is all.

        Issues lose it. `project` says whose component, version or level of that name it is.
        """
        identity = self._field_id(field, project, site)
        names = option_names(self._project(project, site), FIELDS[identity])
        ids = [each for each, name in names.items() if option in (each, name, EVERY)]
        if not ids:
            raise ValueError(f"The field {field} has no option {option}.")
        for each in ids:
            self._switch("options_removed", {"field": identity, "option": each}, on)
        with self._world.transaction():
            for each in ids if on else []:
                actions.forget_option(self._world, identity, each)

    def use_compass(self, project: str, site: str = ENG, on: bool = True) -> None:
        """Keep a project's components in Compass: its screens list none."""
        self._switch("compass", place_of(site, project), on)

    def demand_field(
        self,
        field: str,
        project: str,
        type: str = EVERY,  # noqa: A002
        site: str = ENG,
        on: bool = True,
    ) -> None:
        """Let a validator of the workflow want a field that no screen shows as required.

        A create without it is refused in a sentence, without the field's id.
        """
        self._demand(field, project, type, site, on, filled=True)

    def forbid_field(
        self,
        field: str,
        project: str,
        type: str = EVERY,  # noqa: A002
        site: str = ENG,
        on: bool = True,
    ) -> None:
        """Let a validator refuse a create that fills the field, in the same way."""
        self._demand(field, project, type, site, on, filled=False)

    def use_workflow(
        self,
        name: str,
        project: str,
        type: str = EVERY,  # noqa: A002
        site: str = ENG,
        on: bool = True,
    ) -> None:
        """Give issues of a type another workflow (`catalog.workflows.WORKFLOWS`)."""
        if name not in WORKFLOWS:
            raise ValueError(f"The workflow is one of {', '.join(WORKFLOWS)}.")
        place = {**place_of(site, project), "type": type, "workflow": name}
        self._switch("workflows", place, on)

    def send_back(
        self, status: str, to: str, project: str = EVERY, site: str = EVERY, on: bool = True
    ) -> None:
        """Let a rule bring issues that somebody moves to a status into another one, by names."""
        place = {**place_of(site, project), "status": status, "to": to}
        self._switch("send_backs", place, on)

    # Sprints

    def create_sprint(
        self,
        project: str,
        name: str = "Sprint 1",
        state: str = "active",
        board: int = 1,
        site: str = ENG,
    ) -> dict[str, Any]:
        """A sprint that is active, future or closed, of one of the project's boards."""
        if state not in sprints.STATES:
            raise ValueError(f"A sprint is one of {', '.join(sprints.STATES)}.")
        with self._world.transaction():
            home = self._project(project, site)
            return dict(sprints.create(self._world, home, name, state, board))

    def bring_sprint(self, number: int, state: str) -> None:
        """Start or close a sprint; its issues stay in it."""
        if state not in sprints.STATES:
            raise ValueError(f"A sprint is one of {', '.join(sprints.STATES)}.")
        with self._world.transaction():
            found = self._world.table("sprints").get(str(number))
            if found is None:
                raise ValueError(f"There is no sprint {number}.")
            sprints.bring_into(self._world, found, state)

    def _demand(
        self, field: str, project: str, type_name: str, site: str, on: bool, filled: bool
    ) -> None:
        identity = self._field_id(field, project, site)
        place = {**place_of(site, project), "type": type_name, "field": identity}
        with self._world.transaction():
            conditions = self._world.conditions
            entry = {**place, "filled": filled}
            others = [each for each in conditions.demands if each != entry]
            conditions.demands = [*others, entry] if on else others
            self._world.keep_conditions()

    def _field(
        self, name: str, field: str, project: str, type_name: str, site: str, on: bool
    ) -> None:
        identity = self._field_id(field, project, site)
        self._switch(name, {**place_of(site, project), "type": type_name, "field": identity}, on)

    def _field_id(self, field: str, project: str, site: str) -> str:
        if field in FIELDS:
            return field
        every = project == EVERY or site == EVERY
        kinds = KINDS if every else kinds_of(self._project(project, site))
        if field not in kinds:
            raise ValueError(f"There is no field named {field}.")
        return kinds[field].id

    def _project(self, key: str, site: str) -> Project:
        for project in PROJECTS.get(site, []):
            if project.key == key:
                return project
        raise ValueError(f"There is no project {key} on {site}.")
