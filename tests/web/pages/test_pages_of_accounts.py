"""How people come in, and what an organization has beside its retrospectives."""

import pytest

from tests.web.pages.looking import Pages
from tests.web.pages.table import ACCOUNTS

pytestmark = pytest.mark.browser


class TestPages(Pages):
    part = ACCOUNTS
