"""The settings page says how well the organization was served in 28 days."""

from xml.etree.ElementTree import Element

import pytest

from tests.support.acme import connect_and_choose
from tests.support.atlassian import JIRA
from tests.support.people import Person
from tests.support.service_levels import committed_with_key_after, counted_hour

ADMIN = "admin@acme.test"


def told(person: Person) -> dict[str, str]:
    """By its name, what is said of each level."""
    page = person.get(JIRA).page
    [section] = [each for each in page.all("section") if each.get("id") == "levels"]
    blocks = [each for each in section.iter("div") if each.find("h3") is not None]
    return {" ".join(each.find("h3").itertext()): words_of(each) for each in blocks}


def words_of(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


@pytest.fixture
def admin_of_acme(sample, signed_in) -> Person:
    connect_and_choose()
    return signed_in(ADMIN)


def test_below_a_sensible_number_there_is_nothing_to_say(admin_of_acme: Person) -> None:
    committed_with_key_after(30.0)

    said = told(admin_of_acme)

    assert list(said) == [
        "Commits whose keys were all there within 10 s",
        "Webhook deliveries answered within 1 s",
        "Edits that were in Jira within 60 s",
    ]
    assert all("Too few to say" in words for words in said.values())
    assert "1 of 1 missed; promised: at least 99 %" in next(iter(said.values()))


def test_each_level_says_how_much_was_kept_and_what_it_counts(admin_of_acme: Person) -> None:
    for _ in range(24):
        committed_with_key_after(2.0)
    committed_with_key_after(2.0, 11.0)
    counted_hour(2000, 0, ago=3)

    commits, deliveries, _ = told(admin_of_acme).values()

    assert "96 %" in commits
    assert "1 of 25 missed" in commits
    assert "whatever the cause" in commits
    assert "100 %" in deliveries
    assert "2000 counted, none missed; promised: at least 99.9 %" in deliveries


def test_it_warns_when_an_hour_uses_up_a_quarter(admin_of_acme: Person) -> None:
    counted_hour(10_000, 3)
    commits, deliveries, _ = told(admin_of_acme).values()

    assert "99.9 %" in deliveries
    assert "A quarter of what 28 days allow to be missed went within the last hour" in deliveries
    assert "A quarter" not in commits
