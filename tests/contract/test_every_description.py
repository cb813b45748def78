"""Every description that we make is one that Jira takes, and gives back as it was sent."""

from app.jira import adf
from app.jira.types import IssueDraft
from tests.support.adf_corpus import CORPUS

BACKLINK = adf.Backlink("Sprint 14 Retro", "https://unpack.test/retrospectives/1")
TARGET = {"project": {"id": "10000"}, "issuetype": {"id": "10001"}}
PER_REQUEST = 50


def test_every_description_is_taken_and_comes_back_the_same(exchanges, client):
    sent = {name: adf.document(markdown, BACKLINK) for name, markdown in CORPUS}
    drafts = [
        IssueDraft(TARGET | {"summary": name, "description": document})
        for name, document in sent.items()
    ]

    ids = []
    for start in range(0, len(drafts), PER_REQUEST):
        outcome = client.create_issues(drafts[start : start + PER_REQUEST])
        assert not outcome.errors
        ids += [created.id for created in outcome.created]

    back = client.bulk_fetch(ids, fields=["summary", "description"])
    assert {issue.summary: issue.fields["description"] for issue in back} == sent


def test_a_description_can_be_edited_into_any_other(exchanges, client):
    issue = client.create_issue(IssueDraft(TARGET | {"summary": "x"}))

    for _, markdown in CORPUS[:20]:
        client.edit_issue(issue.id, {"description": adf.document(markdown)})
