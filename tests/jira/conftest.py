"""A JiraClient whose every request must be declared, and every declared one made."""

from collections.abc import Iterator

import pytest
import responses

from app.jira.client import JiraClient
from app.jira.oauth import AtlassianOAuth
from tests.jira.addresses import API_URL, AUTH_URL, TOKEN


@pytest.fixture
def atlassian() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=True) as mock:
        yield mock


@pytest.fixture
def client() -> JiraClient:
    return JiraClient(api_url=API_URL, cloud_id="cloud-1", access_token=TOKEN)


@pytest.fixture
def oauth() -> AtlassianOAuth:
    return AtlassianOAuth(
        auth_url=AUTH_URL,
        api_url=API_URL,
        client_id="our-id",
        client_secret="our-secret",
        redirect_uri="https://unpack.test/integrations/jira/callback",
    )
