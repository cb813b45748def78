"""Every page, dialog and state of the product: who sees it, and how they get there.

In parts that are looked at side by side, each by a file of tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.web.pages.action_items import ACTION_ITEMS
from tests.web.pages.doors import DOORS
from tests.web.pages.errors import ERRORS
from tests.web.pages.field_values import FIELD_VALUES
from tests.web.pages.follow_through import FOLLOW_THROUGH
from tests.web.pages.history import ROWS as HISTORY
from tests.web.pages.integrations import INTEGRATIONS
from tests.web.pages.jira_settings import JIRA_SETTINGS
from tests.web.pages.last_time import LAST_TIME
from tests.web.pages.linking import LINKING
from tests.web.pages.organization import ORGANIZATION
from tests.web.pages.retrospective_changes import ROWS as RETROSPECTIVE_CHANGES
from tests.web.pages.retrospectives import RETROSPECTIVES
from tests.web.pages.row import Row
from tests.web.pages.sync_log import SYNC_LOG
from tests.web.pages.unsubscriptions import UNSUBSCRIPTIONS


@dataclass(frozen=True)
class Part:
    """Rows, and the folders of templates whose pages they show between them."""

    rows: Sequence[Row]
    folders: frozenset[str]


ACCOUNTS = Part(
    [*DOORS, *ERRORS, *ORGANIZATION, *UNSUBSCRIPTIONS],
    frozenset(
        [
            "acceptances",
            "account",
            "email_changes",
            "errors",
            "home",
            "members",
            "outbox",
            "passwords",
            "plan",
            "sessions",
            "settings",
            "teams",
            "unsubscriptions",
        ]
    ),
)
WORK = Part(
    [
        *RETROSPECTIVES,
        *ACTION_ITEMS,
        *FOLLOW_THROUGH,
        *LINKING,
        *LAST_TIME,
        *RETROSPECTIVE_CHANGES,
    ],
    frozenset(
        ["action_items", "existing_issues", "finishings", "follow_through", "retrospectives"]
    ),
)
JIRA = Part(
    [*INTEGRATIONS, *JIRA_SETTINGS, *FIELD_VALUES, *SYNC_LOG, *HISTORY],
    frozenset(
        [
            "backfill",
            "history",
            "integrations",
            "jira_disconnection",
            "jira_field_values",
            "jira_settings",
            "jira_site",
            "people",
            "suspensions",
            "sync_log",
        ]
    ),
)
PARTS = [ACCOUNTS, WORK, JIRA]
TABLE = [row for part in PARTS for row in part.rows]
assert len({row.name for row in TABLE}) == len(TABLE)
