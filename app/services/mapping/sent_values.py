"""Which field values go with new issues of a team, as rows have them (design.md §2.10)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.extensions import db
from app.models import JiraConnection, MappingValue, Organization, ProjectMapping, Team
from app.services.field_values.leaving_values import ChosenValue
from app.services.mapping.checks import PARENT, Finding, FindingCode
from app.services.mapping.mappings import mappings_for


@dataclass(frozen=True)
class SentWith:
    """What a team's mapping sends.

    versions: of each mapping that decides it, by its id: one that has another by now decides
    otherwise. denied: names of fields that the account may not set there.
    """

    versions: Mapping[int, int]
    values: tuple[ChosenValue, ...] = ()
    denied: frozenset[str] = frozenset()


def sent_with(organization: Organization, teams: Sequence[Team]) -> dict[int, SentWith]:
    """By team id; a team that goes nowhere is absent. One statement, whatever their number."""
    found, default = mappings_for(organization, teams), _default(organization)
    deciding = {team_id: _deciding(mapping, default) for team_id, mapping in found.items()}
    values = _values({each.id for mappings in deciding.values() for each in mappings})
    return {
        team_id: SentWith(
            versions={each.id: each.version for each in deciding[team_id]},
            values=tuple(values.get(deciding[team_id][-1].id, ())),
            denied=frozenset(_denied(mapping)),
        )
        for team_id, mapping in found.items()
    }


def follows(mapping: ProjectMapping, default: ProjectMapping) -> bool:
    """Whether a team's mapping sends the default's values."""
    return goes_where(mapping, default) and mapping.values_as_default


def goes_where(mapping: ProjectMapping, default: ProjectMapping) -> bool:
    """Whether a team's mapping has the default's project and type, so that it may follow it."""
    place = (mapping.project_id, mapping.issue_type_id)
    return mapping.id != default.id and place == (default.project_id, default.issue_type_id)


def default_of(
    mapping: ProjectMapping, mappings: Iterable[ProjectMapping]
) -> ProjectMapping | None:
    """The organization's default among the mappings, unless it is that one itself."""
    return next((each for each in mappings if each.team_id is None and each != mapping), None)


def names_on_site_of(connection: JiraConnection) -> dict[int, list[str]]:
    """By mapping what the fields are called that it has own values for, in one statement."""
    rows = db.session.execute(
        select(MappingValue.mapping_id, MappingValue.name)
        .join(ProjectMapping, ProjectMapping.id == MappingValue.mapping_id)
        .where(ProjectMapping.is_on_site_of(connection))
        .order_by(MappingValue.position, MappingValue.id)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.mapping_id, []).append(row.name)
    return found


def values_of(mapping: ProjectMapping, default: ProjectMapping | None) -> Sequence[ChosenValue]:
    """What one mapping sends."""
    deciding = _deciding(mapping, default)[-1]
    return _values([deciding.id]).get(deciding.id, [])


def parents_in(connection: JiraConnection, project_id: str) -> frozenset[str]:
    """The ids of the issues below which mappings of a project create new ones."""
    rows = db.session.scalars(
        select(MappingValue.value)
        .join(ProjectMapping, ProjectMapping.id == MappingValue.mapping_id)
        .where(
            ProjectMapping.is_on_site_of(connection),
            ProjectMapping.project_id == project_id,
            MappingValue.kind == PARENT,
        )
    )
    return frozenset(value["id"] for value in rows if value)


def _default(organization: Organization) -> ProjectMapping | None:
    connection = organization.connection
    mappings = connection.mappings if connection is not None else []
    return next((mapping for mapping in mappings if mapping.team_id is None), None)


def _deciding(mapping: ProjectMapping, default: ProjectMapping | None) -> list[ProjectMapping]:
    """Where it goes, and whose values it sends, which is the last."""
    return [mapping, default] if default is not None and follows(mapping, default) else [mapping]


def _values(mapping_ids: Iterable[int]) -> dict[int, list[ChosenValue]]:
    rows = db.session.scalars(
        select(MappingValue)
        .where(MappingValue.mapping_id.in_(mapping_ids))
        .order_by(MappingValue.position, MappingValue.id)
    )
    found: dict[int, list[ChosenValue]] = {}
    for row in rows:
        chosen = ChosenValue(row.field_id, row.name, row.kind, row.fingerprint, row.value)
        found.setdefault(row.mapping_id, []).append(chosen)
    return found


def _denied(mapping: ProjectMapping) -> Sequence[str]:
    found = [Finding.kept(each) for each in mapping.findings or ()]
    return [name for each in found if each.code == FindingCode.MAY_NOT_SET for name in each.fields]
