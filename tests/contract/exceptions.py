"""Where Atlassian's description contradicts itself or what Jira really does.

Source: jira-platform.md §10.
"""

from typing import Any

# The declared type and the description's own examples differ: milliseconds in one of them,
# "2019-06-01T12:42:30.000+0000" in the other.
DATES_OF_TWO_TYPES = {
    "Changelog": "created",
    "Webhook": "expirationDate",
    "WebhooksExpirationDate": "expirationDate",
}

# Typed as text; what was empty before or after a change is null.
MAY_BE_NULL = {"ChangeDetails": ("from", "fromString", "to", "toString")}

# Barred by `additionalProperties: false`, yet present in the description's own examples.
KEYS_BARRED_BUT_SENT = {
    "ServerInformation": ("defaultLocale",),
    "BulkIssueResults": ("expand",),
    "ComponentWithIssueCount": ("componentBean",),
}

# The description's own examples that do not fit what it declares.
WRONG_EXAMPLES = {
    ("findAssignableUsers", "200"),  # one person where a list is declared
    ("getCreateIssueMetaIssueTypeId", "200"),  # a field without its required schema
}

# In the full description, but not in the files that our structure is made of.
MORE_OPERATIONS: dict[str, dict[str, dict[str, Any]]] = {
    "/rest/api/3/issue/{issueIdOrKey}/properties/{propertyKey}": {
        "delete": {
            "operationId": "deleteIssueProperty",
            "parameters": [
                {"name": "issueIdOrKey", "in": "path", "required": True, "schema": {}},
                {"name": "propertyKey", "in": "path", "required": True, "schema": {}},
            ],
            "responses": {"204": {}, "400": {}, "401": {}, "404": {}},
            "security": [{"OAuth2": ["write:jira-work"]}],
        }
    },
    # Its schema names `default` what its own example names `isDefault`: neither is asked for.
    "/rest/api/3/resolution/search": {
        "get": {
            "operationId": "searchResolutions",
            "parameters": [
                {"name": name, "in": "query", "schema": {}}
                for name in ("startAt", "maxResults", "id", "onlyDefault")
            ],
            "responses": {
                "200": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "properties": {
                                    "startAt": {"type": "integer"},
                                    "maxResults": {"type": "integer"},
                                    "total": {"type": "integer"},
                                    "isLast": {"type": "boolean"},
                                    "values": {
                                        "type": "array",
                                        "items": {
                                            "type": "object",
                                            "properties": {
                                                "id": {"type": "string"},
                                                "name": {"type": "string"},
                                            },
                                        },
                                    },
                                },
                            }
                        }
                    }
                },
                "401": {},
            },
            "security": [{"OAuth2": ["read:jira-work"]}],
        }
    },
}

# Refused before any of its drafts is looked at, and then in the shape of any other refusal
# (jira-platform.md §2.5).
REFUSED_AS_A_WHOLE = {"createIssues": ("400", "413")}

# Every operation may answer these, though few declare them: the gateway's 401 and 404
# (jira-platform.md §1.6, §3), a 403 by policy, rate limits (jira-platform.md §4) and outages.
ANY_OPERATION_MAY_ANSWER = frozenset({401, 403, 404, 429, 500, 502, 503, 504})
