"""What a drain has claimed is found without looking at the links of everybody else."""

import pytest

from app.drain import claiming
from app.extensions import db
from app.models import Organization, WorkKind
from app.services.work import leases
from tests.support.plans import Statements, read_whole

pytestmark = pytest.mark.both_databases


def test_claims_are_found_by_an_index(acme: Organization, explainable: Statements) -> None:
    lease = leases.take(acme.connection.id, WorkKind.DRAIN)
    assert lease is not None
    explainable.clear()

    claiming.recover(lease)
    claiming.give_back(lease)
    statements = list(explainable)
    db.session.rollback()

    assert len(statements) == 2
    assert read_whole(statements, ["issue_link"]) == {}
