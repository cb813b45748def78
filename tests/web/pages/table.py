"""Every page, dialog and state of the product: who sees it, and how they get there."""

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
from tests.web.pages.sync_log import SYNC_LOG
from tests.web.pages.unsubscriptions import UNSUBSCRIPTIONS

TABLE = [
    *DOORS,
    *ERRORS,
    *ORGANIZATION,
    *RETROSPECTIVES,
    *ACTION_ITEMS,
    *FOLLOW_THROUGH,
    *LINKING,
    *LAST_TIME,
    *INTEGRATIONS,
    *JIRA_SETTINGS,
    *FIELD_VALUES,
    *SYNC_LOG,
    *HISTORY,
    *RETROSPECTIVE_CHANGES,
    *UNSUBSCRIPTIONS,
]
assert len({row.name for row in TABLE}) == len(TABLE)
