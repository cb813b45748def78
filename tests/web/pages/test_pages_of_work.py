"""Retrospectives and their action items."""

import pytest

from tests.web.pages.looking import Pages
from tests.web.pages.table import WORK

pytestmark = pytest.mark.browser


class TestPages(Pages):
    part = WORK
