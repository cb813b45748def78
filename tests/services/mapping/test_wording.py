"""What a finding is called, and what it means: the same wherever it is said."""

import pytest

from app.services.fields.table import SYNCED_FIELDS
from app.services.mapping.checks import Finding, FindingCode
from app.services.mapping.wording import (
    chip_of,
    is_mended_in_jira,
    quoted,
    sentence_of,
    words_of,
)

MISSING = [field.missing.code for field in SYNCED_FIELDS if field.missing]


@pytest.mark.parametrize("code", [*FindingCode, *MISSING])
def test_every_finding_has_words_and_a_sentence_without_gaps(code):
    finding = Finding(code, ("Risk level",) if code == FindingCode.REQUIRED_FIELDS else ())

    sentence = sentence_of(finding, "PLAT", "Task", "Unpack Service")

    assert words_of(finding)
    assert chip_of(finding)[0].isupper()
    assert "PLAT" in sentence
    assert sentence.endswith(".")
    assert "{" not in sentence


def test_a_type_that_needs_a_parent_is_called_so_everywhere():
    finding = Finding(FindingCode.NEEDS_PARENT)

    assert words_of(finding) == "needs a parent"
    assert chip_of(finding) == "Needs a parent"
    assert sentence_of(finding, "PLAT", "Sub-task", "").startswith(
        "Sub-task in PLAT needs a parent,"
    )


def test_a_chip_counts_what_the_sentence_names():
    finding = Finding(FindingCode.REQUIRED_FIELDS, ("Risk level", "Impact"))

    assert chip_of(finding) == "Needs 2 fields"
    assert "needs “Risk level” and “Impact”, which" in sentence_of(finding, "PLAT", "Change", "")
    assert "give these fields a default." in sentence_of(finding, "PLAT", "Change", "")


def test_what_the_account_may_not_set_is_named():
    one = Finding(FindingCode.MAY_NOT_SET, ("due date",))
    two = Finding(FindingCode.MAY_NOT_SET, ("assignee", "due date"))

    assert chip_of(one) == "May not set the due date"
    assert chip_of(two) == "May not set 2 fields"
    assert sentence_of(two, "PLAT", "Task", "Unpack Service") == (
        "Unpack Service may not set the assignee and the due date in PLAT. Issues are created "
        "without these fields."
    )


def test_an_account_without_a_name_is_ours():
    finding = Finding(FindingCode.MAY_NOT_CREATE)

    assert sentence_of(finding, "PLAT", "Task", "").startswith("Our account may not create")


def test_the_project_is_opened_where_a_jira_admin_can_mend_it():
    codes = {
        FindingCode.MAY_NOT_CREATE,
        FindingCode.MAY_NOT_EDIT,
        FindingCode.MAY_NOT_MOVE,
        FindingCode.MAY_NOT_SET,
        FindingCode.REQUIRED_FIELDS,
        *MISSING,
    }

    assert {code for code in [*FindingCode, *MISSING] if is_mended_in_jira(Finding(code))} == codes


def test_names_are_listed_as_in_a_sentence():
    assert quoted(["A"]) == "“A”"
    assert quoted(["A", "B", "C"]) == "“A”, “B” and “C”"
