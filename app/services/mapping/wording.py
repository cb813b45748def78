"""What a check's finding is called and means: each sentence once, for pages and e-mails."""

from collections.abc import Sequence

from app.services.fields.table import field_missing
from app.services.labels import plural
from app.services.mapping.checks import Finding, FindingCode

_WORDS = {
    FindingCode.PROJECT_GONE: "gone from Jira",
    FindingCode.PROJECT_ARCHIVED: "archived in Jira",
    FindingCode.MAY_NOT_CREATE: "may not create",
    FindingCode.TYPE_GONE: "issue type gone",
    FindingCode.NEEDS_PARENT: "needs a parent",
    FindingCode.GROUPS_ISSUES: "groups other issues",
    FindingCode.MAY_NOT_EDIT: "may not edit",
    FindingCode.MAY_NOT_MOVE: "may not move",
    FindingCode.PARENT_DONE: "parent is done",
}
_SENTENCES = {
    FindingCode.PROJECT_GONE: "{key} is no longer in Jira, or {account} cannot see it any more. "
    "Choose another project. Until then, its action items wait.",
    FindingCode.PROJECT_ARCHIVED: "{key} is archived in Jira. Choose another project, or have a "
    "Jira admin restore it. Until then, its action items wait.",
    FindingCode.MAY_NOT_CREATE: "{Account} may not create issues in {key}. Choose another project, "
    "or ask a Jira admin for the permission.",
    FindingCode.TYPE_GONE: "{key} no longer has the issue type {type}. Choose another type. Until "
    "then, its action items wait.",
    FindingCode.NEEDS_PARENT: "{type} in {key} {words}, which an action item does not have. Choose "
    "another type.",
    FindingCode.GROUPS_ISSUES: "{type} in {key} {words}. Choose another type.",
    FindingCode.MAY_NOT_EDIT: "{Account} may not edit issues in {key}. Issues are created, and "
    "what is changed here afterwards does not follow.",
    FindingCode.MAY_NOT_MOVE: "{Account} lacks Transition Issues in {key}. Issues stay where they "
    "are until it has it.",
    FindingCode.MAY_NOT_SET: "{Account} {words} in {key}. Issues are created without {the_fields}.",
    FindingCode.VALUES_MISSING: "{type} in {key} requires {quoted}. Fill {it} in under Field "
    "mapping; until then, no issue is created.",
    FindingCode.VALUES_NOT_SENT: "{type} in {key} has no {quoted} as it was chosen. Issues are "
    "created without {it}.",
    FindingCode.VALUES_GONE: "What was chosen for {quoted} in {key} is not in Jira any more. "
    "Choose again under Field mapping.",
    FindingCode.PARENT_DONE: "{quoted} is done, and each new {type} in {key} is still created "
    "below it. Choose another parent under Field mapping.",
    FindingCode.REQUIRED_FIELDS: "{type} in {key} {words}, which Unpack does not fill. Choose "
    "another type, or ask a Jira admin to give {the_fields} a default.",
}
_OF_VALUES = {
    FindingCode.VALUES_MISSING: ("value missing", "values missing"),
    FindingCode.VALUES_NOT_SENT: ("value not sent", "values not sent"),
    FindingCode.VALUES_GONE: ("value gone from Jira", "values gone from Jira"),
}
_MISSING = "{type} in {key} has {words} on its screen. {consequence}"
# What a Jira admin can change in the project.
_MENDED_IN_JIRA = {
    FindingCode.MAY_NOT_CREATE,
    FindingCode.REQUIRED_FIELDS,
    FindingCode.MAY_NOT_EDIT,
    FindingCode.MAY_NOT_SET,
    FindingCode.MAY_NOT_MOVE,
}


def words_of(finding: Finding) -> str:
    """The finding in a few words, as they follow the name of an issue type: "needs a parent"."""
    if finding.code == FindingCode.REQUIRED_FIELDS:
        return f"needs {quoted(finding.fields) or 'another field'}"
    if finding.code == FindingCode.MAY_NOT_SET:
        return f"may not set {' and '.join(f'the {name}' for name in finding.fields)}"
    if field := field_missing(finding.code):
        return f"no {field.name}"
    if finding.code in _OF_VALUES:
        one, several = _OF_VALUES[FindingCode(finding.code)]
        return plural(len(finding.fields), one, several) if finding.fields else several
    return _WORDS[FindingCode(finding.code)]


def chip_of(finding: Finding) -> str:
    """The same for a chip, which has no room for the names of several fields."""
    words = words_of(finding)
    if len(finding.fields) > 1 and finding.code not in _OF_VALUES:
        verb = "may not set" if finding.code == FindingCode.MAY_NOT_SET else "needs"
        words = f"{verb} {len(finding.fields)} fields"
    return words[:1].upper() + words[1:]


def sentence_of(finding: Finding, project_key: str, issue_type: str, account: str) -> str:
    """What the finding means and who can change it. `account`: a name; empty if Jira told none."""
    missing = field_missing(finding.code)
    consequence = missing.missing.consequence if missing and missing.missing else ""
    sentence = _MISSING if missing else _SENTENCES[FindingCode(finding.code)]
    return sentence.format(
        key=project_key,
        type=issue_type,
        account=account or "our account",
        Account=account or "Our account",
        words=words_of(finding),
        consequence=consequence,
        quoted=quoted(finding.fields),
        it="them" if len(finding.fields) > 1 else "it",
        the_fields="these fields" if len(finding.fields) > 1 else "the field",
    )


def is_mended_in_jira(finding: Finding) -> bool:
    """Whether the sentence sends its reader to the project in Jira."""
    return finding.code in _MENDED_IN_JIRA or field_missing(finding.code) is not None


def quoted(names: Sequence[str]) -> str:
    """ "“Risk level” and “Impact”"."""
    words = [f"“{name}”" for name in names]
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
