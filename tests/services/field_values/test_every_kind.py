"""Each kind, from what somebody types in over what is kept and sent to what Jira has in the end."""

import pytest

from app.extensions import db
from app.jira import field_json
from app.jira.types import Field, IssueDraft
from app.services.field_values.field_kind import Around, Option, Typed, ValueInvalid
from app.services.field_values.field_kinds import BY_CODE, KINDS, kind_of, why_unsupported
from app.services.field_values.schemas import schema_of
from app.services.grants import clients
from app.services.mapping import screens
from tests.support.field_value_examples import (
    EXAMPLES,
    ITEM,
    LOOKED_UP,
    Example,
    recognised,
    with_ids,
)

PROJECT, TASK = "KIND", "10001"
AROUND = Around(ITEM)
UNSUPPORTED = {
    "read_only": "Jira lets nobody set it",
    "app": "it belongs to an app",
    "epic_link": "Jira has replaced it by Parent",
    "time_tracking": "Unpack does not track time",
    "attachment": "files are added in Jira",
    "linked_issues": "links are made in Jira",
}


@pytest.fixture
def client(acme):
    connection_id = acme.connection.id
    db.session.commit()
    return clients.client_of(connection_id)


def put_on_screen(acme, client, in_jira: str) -> Field:
    if in_jira == "reporter":
        acme.jira.control.grant("MODIFY_REPORTER", PROJECT)
        field_id = "reporter"
    else:
        field_id = acme.jira.control.add_field(in_jira, PROJECT, type="Task")
    [found] = [each for each in client.fields(PROJECT, TASK) if each.id == field_id]
    return found


def typed(parts: tuple[str, ...], example: Example, options: tuple[Option, ...]) -> Typed:
    offered = options if options else None
    return Typed(with_ids(parts, options), offered, example.names)


def test_every_kind_has_an_example():
    assert {*EXAMPLES, *LOOKED_UP} == set(BY_CODE)
    assert len(BY_CODE) == len(KINDS)


def test_no_schema_is_of_two_kinds():
    schemas = [schema for kind in KINDS for schema in kind.schemas]

    assert len(schemas) == len(set(schemas))


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_value_is_kept_worded_sent_taken_and_read_back(acme, client, code):
    example = EXAMPLES[code]
    field = put_on_screen(acme, client, example.in_jira)
    kind, options = recognised(field), screens.options_of_field(field)
    assert kind is not None
    assert kind.code == code

    stored = kind.parse(typed(example.typed, example, options))
    assert stored == with_ids(example.stored, options)
    assert kind.words_of(stored) == with_ids(example.words, options)
    sent = kind.json_of(stored, AROUND)
    assert sent == with_ids(example.sent, options)

    fields = {"project": {"key": PROJECT}, "issuetype": {"id": TASK}, "summary": "x"}
    created = client.create_issue(IssueDraft(fields={**fields, field.id: sent}))
    [issue] = client.bulk_fetch([created.id], fields=(field.id,))
    read = field_json.identity_of(issue.fields[field.id])
    if code == "datetime":  # in the zone of who reads
        assert read == "2026-12-01T02:00:00.000-0600"
    elif isinstance(read, list):
        assert sorted(read) == sorted(field_json.identity_of(sent))
    else:
        assert read == field_json.identity_of(sent)


@pytest.mark.parametrize("code", EXAMPLES)
def test_what_is_wrong_is_refused_in_a_sentence(acme, client, code):
    example = EXAMPLES[code]
    field = put_on_screen(acme, client, example.in_jira)
    options = screens.options_of_field(field)

    for wrong in example.refused:
        with pytest.raises(ValueInvalid) as invalid:
            BY_CODE[code].parse(typed(wrong, example, options))
        assert invalid.value.sentence.endswith(".")


@pytest.mark.parametrize("code", EXAMPLES)
@pytest.mark.parametrize("parts", [(), ("",), ("  ",), ("", "")])
def test_nothing_typed_is_nothing_kept(code, parts):
    assert BY_CODE[code].parse(Typed(parts)) is None


@pytest.mark.parametrize("in_jira", UNSUPPORTED)
def test_what_unpack_cannot_fill_is_named_with_its_reason(acme, client, in_jira):
    schema = screens.schema_of_field(put_on_screen(acme, client, in_jira))

    assert kind_of(schema) is None
    assert why_unsupported(schema) == UNSUPPORTED[in_jira]


def test_a_field_is_never_recognised_by_its_name():
    assert kind_of(schema_of("string", "", "com.acme:textfield", None, ("set",))) is None
    assert kind_of(schema_of("string", "", None, None, ("set",))) is None


def test_while_jira_does_not_tell_its_options_what_is_saved_stays():
    kind, saved = BY_CODE["multi-select"], [{"id": "1", "label": "Red"}]

    assert kind.parse(Typed(("1",), None, saved=saved)) == saved
    with pytest.raises(ValueInvalid, match="Wait a moment"):
        kind.parse(Typed(("1", "2"), None, saved=saved))


def test_an_option_that_is_gone_is_named():
    kind = BY_CODE["select"]

    with pytest.raises(ValueInvalid, match="“Red” is not in Jira any more"):
        kind.parse(Typed(("1",), (Option("2", "Blue"),), saved={"id": "1", "label": "Red"}))
