"""What people type stays words in a query, whatever it is."""

import pytest

from app.jira.jql import MOST_WORDS, quoted, summary_holds


@pytest.mark.parametrize(
    ("typed", "condition"),
    [
        ("incident review", 'summary ~ "incident review"'),
        ("Incident AND Review", 'summary ~ "incident and review"'),
        ('x" OR project = MOB', 'summary ~ "x or project mob"'),
        ("a\\b c++ [d]~1*", 'summary ~ "a b c d 1"'),
        ("Größe naïve", 'summary ~ "größe naïve"'),
        ("שלום עולם", 'summary ~ "שלום עולם"'),
        ("कार्य", 'summary ~ "कार्य"'),
        ("  ", ""),
        ("„“ — …", ""),
    ],
)
def test_words_of_a_title(typed, condition):
    assert summary_holds(typed) == condition


def test_many_words_are_cut():
    assert len(summary_holds("word " * 500).split()) == MOST_WORDS + 2


def test_a_value_cannot_end_itself():
    assert quoted('a" OR "b\\') == '"a\\" OR \\"b\\\\"'
