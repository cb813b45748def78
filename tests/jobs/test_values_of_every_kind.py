"""Each kind on its whole way: chosen, previewed, sent, held by the issue, read back."""

import pytest

from app.extensions import db
from app.jira import field_json
from app.models import LinkState, Phase, ProjectMapping
from app.services.field_values.field_kinds import BY_CODE
from app.services.field_values.parsing import is_template
from app.services.grants import clients
from app.services.panel import panels, previews
from tests.jobs.values_of_kind import chosen, with_one_item
from tests.support.field_value_examples import EXAMPLES
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


@pytest.fixture
def kind(acme):
    return with_one_item(acme)


def previewed(acme) -> list[tuple[str, str]]:
    acme.retrospective.phase = Phase.DISCUSS
    return [
        (also.name, also.words)
        for also in previews.preview_of(panels.panel_of(acme.retrospective)).also
    ]


@pytest.mark.parametrize("code", EXAMPLES)
def test_what_is_previewed_is_sent_and_held(kind, drain, code):
    field_id = chosen(kind, code)
    [value] = db.session.query(ProjectMapping).one().values
    name, stored = value.name, value.value
    [(said, words)] = previewed(kind)
    kind.commit_items()
    drain()

    db.session.expire_all()
    [link] = kind.links
    assert link.state is LinkState.SYNCED
    [request] = kind.jira.control.requests("create")
    sent = request["body"]["fields"][field_id]
    assert link.snapshot["values"][field_id] == sent
    issue_id, connection_id = link.issue_id, kind.connection.id
    db.session.commit()
    [issue] = clients.client_of(connection_id).bulk_fetch([issue_id], fields=[field_id])
    held = field_json.identity_of(issue.fields[field_id])
    if code == "datetime":  # in the zone of who reads
        assert held == "2026-12-01T02:00:00.000-0600"
    elif isinstance(held, list):
        assert sorted(held) == sorted(field_json.identity_of(sent))
    else:
        assert held == field_json.identity_of(sent)
    assert said == name
    assert "{" not in words
    if not is_template(stored):
        # A role is whoever has it for this action item.
        assert words == ("Maya Lindqvist" if code == "user" else BY_CODE[code].words_of(stored))
