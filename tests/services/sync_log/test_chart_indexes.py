"""What the chart counts is found by the indexes that were made for it."""

from zoneinfo import ZoneInfo

from app.clock import utcnow
from app.extensions import db
from app.services.sync_log.chart import chart_of

INDEXES = {"ix_sync_entry_sent_at_once", "ix_sync_entry_sent_after_retry"}


def test_what_was_sent_is_counted_by_indexes_of_its_own(acme, explainable):
    organization_id = acme.organization.id
    db.session.commit()

    chart_of(organization_id, ZoneInfo("Europe/Berlin"), utcnow())
    db.session.rollback()

    with db.engine.connect() as connection:
        steps = [
            row.detail
            for statement, values in explainable
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    assert {name for name in INDEXES if any(name in step for step in steps)} == INDEXES
