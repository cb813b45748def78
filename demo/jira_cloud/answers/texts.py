"""Jira's sentences in English and German.

Callers must never decide by them (jira-platform.md §3).
"""

from dataclasses import dataclass
from typing import Any

_ENGLISH = {
    "required": "{name} is required.",
    "project": "Specify a valid project ID or key",
    "no_issue_type": "Specify an issue type",
    "issue_type": "The issue type selected is invalid.",
    "not_on_screen": "Field '{field}' cannot be set."
    " It is not on the appropriate screen, or unknown.",
    "summary_long": "Summary must be less than 255 characters.",
    "summary_lines": "The summary is invalid because it contains newline characters.",
    "not_a_string": "Operation value must be a string",
    "not_adf": "Operation value must be an Atlassian Document (see the Atlassian Document Format)",
    "invalid_input": "INVALID_INPUT",
    "too_large": "The request is too large.",
    "text_long": "The entered text is too long. It exceeds the allowed limit of 32767 characters.",
    "line_long": "The entered text is too long. It exceeds the allowed limit of 255 characters.",
    "lines": "The entered text is invalid because it contains newline characters.",
    "not_an_array": "data was not an array",
    "bad_moment": "Operation value must be a date and time such as 2026-12-01T09:00:00.000+0000",
    "bad_address": "The URL '{value}' is not valid",
    "not_a_number": "Operation value must be a number",
    "label_long": "The label '{label}' exceeds 255 characters.",
    "no_option": "Option id '{value}' is not valid",
    "no_child": "The option '{value}' is not valid for parent '{parent}'",
    "no_person": "User '{account}' does not exist",
    "no_group": "The group '{name}' was not found",
    "not_a_sprint": "Number value expected as the Sprint id.",
    "no_sprint": "Sprint with id {number} does not exist or has been completed.",
    "no_team": "Team '{value}' is not valid",
    "wrong_parent": "Given parent work item does not belong to appropriate hierarchy",
    "validator": "{name}: {name} is required.",
    "validator_no": "{name}: A value is not allowed here.",
    "unassigned": "Issues must be assigned.",
    "not_assignable": "User '{account}' cannot be assigned issues.",
    "bad_date": "Error parsing date string: {value}",
    "label_space": "The label '{label}' contains spaces which is invalid.",
    "bad_value": "Specify a valid value for {name}",
    "bad_option": "Option value '{value}' is not valid",
    "parent_missing": "Issue type is a sub-task but parent issue key or id not specified.",
    "parent_unknown": "Could not find issue by id or key.",
    "create_denied": "You do not have permission to create issues in this project.",
    "no_issue": "Issue does not exist or you do not have permission to see it.",
    "no_project": "No project could be found with key '{key}'.",
    "bad_json": "There was an error parsing JSON. Check that your request body is valid.",
    "bad_payload": "Invalid request payload. Refer to the REST API documentation and try again.",
    "no_payload": "No Issue Create payload supplied",
    "unknown_parameter": "Unexpected query parameter '{name}'",
    "bad_parameter": "The value of parameter '{name}' is not valid",
    "bulk_many": "The number of issues to create exceeds the limit {limit}",
    "bulk_empty": "No issues to create were given",
    "page_limit": "Parameter 'maxResults' must not exceed the limit '{limit}'",
    "search_results": "The max results parameter has to be between 1 and 5,000.",
    "unbounded": "Unbounded JQL queries are not allowed here."
    " Please add a search restriction to your query.",
    "bad_token": "The provided next page token is invalid or expired.",
    "too_many_properties": "No more than 5 properties can be requested.",
    "too_many_reconcile": "No more than 50 issues can be reconciled.",
    "fetch_many": "The number of issues to fetch must be between 1 and {limit}",
    "unknown_permission": "Unrecognized permission",
    "no_permission_keys": "The permissions parameter is required",
    "user_query": "Either the query or the accountId parameter must be given",
    "user_query_both": "The query and accountId parameters cannot be used together",
    "no_assignable_place": "No project, issue key or issue ID was provided",
    "no_property": "The property with key '{key}' does not exist.",
    "property_key": "The property key must have between 1 and 255 characters",
    "property_value": "The property value must be JSON of at most 32768 characters",
    "edit_denied": "You do not have permission to edit issues in this project.",
    "delete_denied": "You do not have permission to delete issues in this project.",
    "has_subtasks": "The issue has subtasks. Set deleteSubtasks to delete them too.",
    "bad_transition": "It seems that you have tried to perform an operation which you are not"
    " permitted to perform.",
    "field_twice": "Field '{field}' cannot be set and updated in the same request",
    "admin_only": "Only Jira administrators may use this parameter.",
    "connect_only": "Only Connect apps can use this operation.",
    "webhook_body": "The webhook registration is not valid: {reason}",
    "jql_field": "Field '{field}' does not exist or you do not have permission to view it.",
    "jql_value": "The value '{value}' does not exist for the field '{field}'.",
    "jql_issue": "An issue with key '{value}' does not exist for field '{field}'.",
    "jql_text": "The text query '{value}' is not valid.",
    "jql_date": "Date value '{value}' for field '{field}' is invalid.",
    "jql_operator": "The operator '{operator}' is not supported by the '{field}' field.",
    "jql_function": "Unable to find JQL function '{name}'.",
    "jql_syntax": "Error in the JQL Query: {reason}",
    "search_gone": "The requested API has been removed."
    " Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at"
    " https://developer.atlassian.com/changelog/#CHANGE-2046",
    "content_type": "Unsupported Media Type",
    "anonymous": "Client must be authenticated to access this resource.",
    "link_denied": "Issue linking is disabled, or you do not have permission to link issues.",
    "no_link": "There is no remote link with this global id.",
    "link_invalid": "The remote issue link is not valid: {reason}",
}

_GERMAN = {
    "required": "{name} ist erforderlich.",
    "project": "Geben Sie eine gültige Projekt-ID oder einen gültigen Schlüssel an",
    "no_issue_type": "Geben Sie einen Vorgangstyp an",
    "issue_type": "Der ausgewählte Vorgangstyp ist ungültig.",
    "not_on_screen": "Das Feld '{field}' kann nicht festgelegt werden."
    " Es befindet sich nicht in der entsprechenden Ansicht oder ist unbekannt.",
    "summary_long": "Die Zusammenfassung muss kürzer als 255 Zeichen sein.",
    "summary_lines": "Die Zusammenfassung ist ungültig, weil sie Zeilenumbrüche enthält.",
    "not_adf": "Der Wert muss ein Atlassian-Dokument sein (siehe Atlassian Document Format)",
    "text_long": "Der eingegebene Text ist zu lang."
    " Er überschreitet die zulässige Länge von 32767 Zeichen.",
    "unassigned": "Vorgänge müssen zugewiesen sein.",
    "not_assignable": "Dem Benutzer '{account}' können keine Vorgänge zugewiesen werden.",
    "bad_date": "Fehler beim Lesen des Datums: {value}",
    "create_denied": "Sie haben keine Berechtigung, Vorgänge in diesem Projekt zu erstellen.",
    "no_issue": "Der Vorgang existiert nicht, oder Sie haben keine Berechtigung, ihn zu sehen.",
    "no_project": "Es wurde kein Projekt mit dem Schlüssel '{key}' gefunden.",
    "edit_denied": "Sie haben keine Berechtigung, Vorgänge in diesem Projekt zu bearbeiten.",
    "delete_denied": "Sie haben keine Berechtigung, Vorgänge in diesem Projekt zu löschen.",
    "bad_value": "Geben Sie einen gültigen Wert für {name} an",
    "bad_option": "Der Optionswert '{value}' ist ungültig",
    "parent_missing": "Der Vorgangstyp ist eine Unteraufgabe, aber es fehlt der übergeordnete"
    " Vorgang.",
    "unbounded": "Unbegrenzte JQL-Abfragen sind hier nicht zulässig."
    " Fügen Sie Ihrer Abfrage eine Einschränkung hinzu.",
    "jql_value": "Der Wert '{value}' existiert nicht für das Feld '{field}'.",
    "jql_field": "Das Feld '{field}' existiert nicht, oder Sie dürfen es nicht sehen.",
    "bad_transition": "Sie haben versucht, einen nicht erlaubten Vorgang auszuführen.",
}


@dataclass(frozen=True)
class Text:
    """A sentence by its name. It gets its words when the reader's language is known."""

    name: str
    values: tuple[tuple[str, Any], ...] = ()

    def words(self, language: str) -> str:
        """The sentence; English where German has no words of its own."""
        german = _GERMAN.get(self.name) if language == "de" else None
        return (german or _ENGLISH[self.name]).format(**dict(self.values))


def text(sentence: str, /, **values: Any) -> Text:
    """A sentence of the table, with what goes into its gaps."""
    return Text(sentence, tuple(values.items()))
