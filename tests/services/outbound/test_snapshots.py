"""Which side has changed a field since both were last the same."""

from datetime import date
from typing import Any

import pytest

from app.jira import adf
from app.jira.adf import Backlink
from app.jira.issue_reading import issue
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import DESCRIPTION, DUE_DATE, SYNCED_FIELDS, TITLE
from app.services.fields.values import values_of
from app.services.outbound import snapshots

LINK = Backlink("From the retrospective “Sprint 14” in Unpack", "https://unpack.test/1")
RENAMED = Backlink("From the retrospective “Sprint 15” in Unpack", "https://unpack.test/1")
SOURCES = {
    "summary": "Cut CI time",
    "description": "**Ten** minutes",
    "assignee": 4,
    "duedate": date(2026, 12, 4),
}
OTHERS = {
    "summary": "Halve CI time",
    "description": "**Five** minutes",
    "assignee": None,
    "duedate": None,
}
IN_JIRA = {
    "summary": "Cut CI time",
    "description": adf.document("**Ten** minutes", LINK),
    "assignee": {"accountId": "account-4"},
    "duedate": "2026-12-04",
}
OLD = {
    "summary": "Cut CI time",
    "description": adf.digest(IN_JIRA["description"]),
    "assignee": "account-4",
    "assignee_id": 4,
    "duedate": "2026-12-04",
}

every_field = pytest.mark.parametrize("field", SYNCED_FIELDS, ids=lambda field: field.id)


def read(**changed: Any):
    return issue({"id": "1", "key": "PLAT-1", "fields": IN_JIRA | changed})


def source_parts() -> dict[str, Any]:
    return {field.id: field.stored(SOURCES[field.id]) for field in SYNCED_FIELDS}


def sent_parts() -> dict[str, Any]:
    return {field.id: snapshots.seen_in(field, read()) for field in SYNCED_FIELDS}


NEW = OLD | {"source": source_parts(), "sent": sent_parts()}
SEEN = NEW | {"seen": sent_parts()}


def changed(field: SyncedField, snapshot: Any, source: Any, link: Backlink = LINK) -> bool:
    [value] = values_of({field.id: source}, link, [field])
    return snapshots.changed_here(value, snapshot)


@every_field
@pytest.mark.parametrize("snapshot", [OLD, NEW, SEEN], ids=["1.0", "sent", "seen"])
def test_what_nobody_touched_is_not_changed_here(field, snapshot):
    assert not changed(field, snapshot, SOURCES[field.id])
    assert changed(field, snapshot, OTHERS[field.id])


def test_a_renamed_retrospective_changes_no_description():
    assert not changed(DESCRIPTION, NEW, SOURCES["description"], RENAMED)
    # A row of version 1.0 cannot tell it from an edit.
    assert changed(DESCRIPTION, OLD, SOURCES["description"], RENAMED)


@every_field
def test_of_what_jira_never_had_only_a_value_is_news(field):
    assert changed(field, {}, SOURCES[field.id])
    assert changed(field, {}, OTHERS[field.id]) is (OTHERS[field.id] is not None)


@every_field
@pytest.mark.parametrize("snapshot", [OLD, NEW, SEEN], ids=["1.0", "sent", "seen"])
def test_what_nobody_touched_in_jira_is_as_we_left_it(field, snapshot):
    others = {
        "summary": "Jira's title",
        "description": adf.document("Jira's words", LINK),
        "assignee": None,
        "duedate": None,
    }

    assert snapshots.is_as_we_left_it(field, snapshot, read())
    assert not snapshots.is_as_we_left_it(field, snapshot, read(**{field.id: others[field.id]}))


@every_field
def test_what_is_not_known_counts_as_changed_in_jira(field):
    for unknown in (None, {}, {"source": source_parts()}):
        assert not snapshots.is_as_we_left_it(field, unknown, read())


@every_field
def test_of_what_jira_never_had_from_us_only_something_is_somebodys(field):
    assert snapshots.is_as_we_left_it(field, {}, read(**{field.id: None}))
    assert not snapshots.is_as_we_left_it(field, NEW, read(**{field.id: None}))


def test_what_was_seen_counts_before_what_was_sent():
    added = adf.document("**Ten** minutes\n\nDefinition of done", LINK)
    snapshot = NEW | {"seen": {"description": adf.projection(added)}}

    assert snapshots.is_as_we_left_it(DESCRIPTION, snapshot, read(description=added))
    assert not snapshots.is_as_we_left_it(DESCRIPTION, snapshot, read())


def test_what_is_sent_anew_was_not_seen_yet():
    after = snapshots.with_sent(SEEN, {"summary": "Halve CI time"})

    assert after["sent"] == sent_parts() | {"summary": "Halve CI time"}
    assert set(after["seen"]) == {"description", "assignee", "duedate"}
    assert SEEN["seen"] == sent_parts()
    assert snapshots.with_seen(after, {"summary": "Halve"})["seen"]["summary"] == "Halve"


def test_a_settled_row_of_version_1_learns_what_its_fields_were_made_from():
    known = {name: value for name, value in OLD.items() if name != "duedate"}

    after = snapshots.with_first_sources(known, SYNCED_FIELDS, SOURCES)

    assert set(after["source"]) == {"summary", "description", "assignee"}
    assert not changed(TITLE, after, SOURCES["summary"])
    assert changed(DUE_DATE, after, SOURCES["duedate"])
    assert {name: after[name] for name in known} == known


def test_sources_that_are_known_are_not_written_over():
    assert snapshots.with_first_sources(NEW, SYNCED_FIELDS, OTHERS) == NEW


def test_what_a_rule_of_jiras_added_right_away_was_not_seen_by_us():
    ours = adf.document("**Ten** minutes", LINK)
    added = {**ours, "content": [*ours["content"], *adf.document("Definition of done")["content"]]}
    formatted = {
        **ours,
        "content": [{**ours["content"][0], "attrs": {"localId": "1"}}, *ours["content"][1:]],
    }

    seen = [
        snapshots.seen_after_writing(DESCRIPTION, ours, read(description=each))
        for each in (ours, formatted, added)
    ]

    assert seen == [{"description": adf.projection(ours)}] * 2 + [{}]
    assert snapshots.seen_after_writing(TITLE, "Cut CI time", read()) == {"summary": "Cut CI time"}
    alone = issue({"id": "1", "key": "PLAT-1", "fields": {"summary": "Cut CI time"}})
    assert snapshots.seen_after_writing(DUE_DATE, "2026-12-04", alone) == {}


def test_what_is_known_of_our_own_words_spares_reading_theirs(monkeypatch):
    ours = adf.document("**Ten** minutes", LINK)
    known = adf.projection(ours)
    with_ids = {
        **ours,
        "content": [{**each, "attrs": {"localId": "1"}} for each in ours["content"]],
    }
    plain = adf.document("Ten minutes", LINK)
    other = adf.document("Ten seconds", LINK)
    read_word_by_word: list[Any] = []
    words = adf.words
    monkeypatch.setattr(adf, "words", lambda each: read_word_by_word.append(each) or words(each))

    seen = [
        snapshots.seen_after_writing(DESCRIPTION, ours, read(description=each), known)
        for each in (ours, with_ids, plain, other)
    ]

    assert seen[:3] == [{"description": each} for each in (known, known, adf.projection(plain))]
    assert seen[3] == {}
    assert read_word_by_word == [plain, ours, other, ours]


def test_what_is_left_out_after_all_is_as_it_was():
    sent = SEEN | {"duedate": "2027-01-01", "source": SEEN["source"] | {"duedate": "2027-01-01"}}

    assert snapshots.without(sent, SEEN, [DUE_DATE]) == SEEN
    never = snapshots.without(sent, None, [DUE_DATE])
    assert "duedate" not in never
    assert all("duedate" not in never[part] for part in ("source", "sent", "seen"))
    assert never["source"]["summary"] == "Cut CI time"


def test_what_a_person_settled_meanwhile_stays_settled():
    sent = NEW | {"source": NEW["source"] | {"summary": "Halve CI time"}}
    row = NEW | {"source": NEW["source"] | {"description": "**Five** minutes"}}

    after = snapshots.with_decisions(sent, NEW, row)

    assert after["source"]["summary"] == "Halve CI time"
    assert after["source"]["description"] == "**Five** minutes"
    assert snapshots.with_decisions(sent, NEW, NEW) == sent
