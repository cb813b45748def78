"""The address of Jira's own form."""

from urllib.parse import parse_qs, urlsplit

import pytest

from app.services.linking.prefilled_form import LONGEST, address

SITE = "https://acme-eng.atlassian.net"
BACK = "From the retrospective “Sprint 14” in Unpack: https://unpack.example/retrospectives/1"


def asked(description: str, title: str = "Buy cake") -> tuple[str, dict[str, str]]:
    form = address(SITE, "10001", "10101", title, description, BACK)
    parts = urlsplit(form)
    assert parts.path == "/secure/CreateIssueDetails!init.jspa"
    return form, {name: values[0] for name, values in parse_qs(parts.query).items()}


def test_what_is_filled_in():
    _, fields = asked("Two people & a cake?\n\n100 % sure")

    assert (fields["pid"], fields["issuetype"]) == ("10001", "10101")
    assert fields["summary"] == "Buy cake"
    assert fields["description"] == f"Two people & a cake?\n\n100 % sure\n\n{BACK}"


def test_without_a_description_there_is_the_way_back_alone():
    assert asked("")[1]["description"] == BACK


@pytest.mark.parametrize("text", ["word " * 2000, "größer " * 900, "x" * 9000, "日本語 " * 900])
def test_a_long_description_is_cut_at_a_word_and_leads_back(text):
    form, fields = asked(text, "T" * 255)

    assert len(form) <= LONGEST
    assert fields["description"].endswith(f"…\n\n{BACK}")
    assert text.startswith(fields["description"].partition("…")[0])
