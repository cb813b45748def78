"""Who the token stands for, and who can be assigned."""

from typing import Any

from app.jira import reading
from app.jira.calls import Calls
from app.jira.types import Account, Person

MOST_PEOPLE = 1000


def reference(account_id: str | None) -> dict[str, str] | None:
    """What a field that names a person is set to, and None to name nobody."""
    return {"accountId": account_id} if account_id else None


class PeopleCalls(Calls):
    def myself(self) -> Account:
        """The account that consented.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-myself/#api-rest-api-3-myself-get
        """
        return self._request("myself", "GET", "/myself", _account)

    def assignable_people(
        self, project_key: str, query: str, *, limit: int = MOST_PEOPLE
    ) -> list[Person]:
        """People who can be assigned in a project and whose name or e-mail begins with `query`.

        One request: Jira takes `limit` people first and then leaves out those who may not be
        assigned, so a short answer does not mean that there are no more (jira-platform.md §2.8).

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/#api-rest-api-3-user-assignable-search-get
        """
        params = {"project": project_key, "query": query, "maxResults": limit}
        path = "/user/assignable/search"
        return self._request("assignable_people", "GET", path, _people, params=params)

    def people(self, query: str, *, limit: int = 50) -> list[Person]:
        """Active people of the site whose name or e-mail begins with `query`.

        Without the permission to browse users Jira answers an empty list (jira-platform.md §2.8).

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/#api-rest-api-3-user-search-get
        """
        params = {"query": query, "maxResults": limit}
        return self._request("people", "GET", "/user/search", _people, params=params)


def _account(body: Any) -> Account:
    found = reading.required_mapping(body)
    return Account(
        account_id=reading.required_id(found.get("accountId")),
        display_name=reading.text(found.get("displayName")),
        email=reading.text(found.get("emailAddress")) or None,
        active=found.get("active") is not False,
        time_zone=reading.text(found.get("timeZone")) or None,
        locale=reading.text(found.get("locale")) or None,
    )


def _people(body: Any) -> list[Person]:
    return [found for value in reading.required_list(body) if (found := _person(value))]


def _person(value: Any) -> Person | None:
    person = reading.mapping(value)
    account_id = reading.identifier(person.get("accountId"))
    if account_id is None:
        return None
    return Person(
        account_id=account_id,
        display_name=reading.text(person.get("displayName")),
        email=reading.text(person.get("emailAddress")) or None,
        active=person.get("active") is True,
        account_type=reading.text(person.get("accountType")) or "unknown",
    )
