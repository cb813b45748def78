"""What admins connect, choose and look up."""

import pytest

from tests.web.pages.looking import Pages
from tests.web.pages.table import JIRA

pytestmark = pytest.mark.browser


class TestPages(Pages):
    part = JIRA
