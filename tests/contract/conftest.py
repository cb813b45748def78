"""What Atlassian promises, and what this process and Jira said to each other."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from app.jira.client import JiraClient
from app.jira.oauth import AtlassianOAuth
from tests.contract.documents import document_faults
from tests.contract.oauth_shapes import all_faults
from tests.contract.openapi import Description, Exchange
from tests.contract.recording import recorded_exchanges
from tests.support import settings
from tests.support.adf_schema import validator_for
from tests.support.structure import structure

if TYPE_CHECKING:
    from demo.jira_cloud.server import RunningJiraCloud

Exchanges = list[Exchange]
Connect = Callable[..., JiraClient]

ENGINEERING = "1f3c9b52-8d7e-4a60-b1c4-5e2d7f809a13"
REDIRECT_URI = f"{settings.ENVIRONMENT['PUBLIC_URL']}/integrations/jira/callback"


@pytest.fixture(scope="session")
def description() -> Description:
    return Description(structure("openapi.json"))


@pytest.fixture(scope="session")
def document_format() -> Any:
    """Atlassian's schema of a description."""
    return validator_for(structure("adf.json"))


@pytest.fixture
def exchanges(description: Description, document_format: Any) -> Iterator[Exchanges]:
    """What was said in a test. At its end every word of it must be as Atlassian describes it."""
    with recorded_exchanges() as recorded:
        yield recorded
    faults = [fault for each in recorded for fault in all_faults(each, description)]
    for exchange in recorded:
        faults += document_faults(exchange, document_format)
    assert recorded
    assert faults == []


@pytest.fixture
def oauth(jira: "RunningJiraCloud") -> AtlassianOAuth:
    return AtlassianOAuth(
        auth_url=jira.url,
        api_url=jira.url,
        client_id=settings.CLIENT_ID,
        client_secret=settings.CLIENT_SECRET,
        redirect_uri=REDIRECT_URI,
    )


@pytest.fixture
def connect(jira: "RunningJiraCloud") -> Connect:
    """Makes a client of acme-eng for an account, with all scopes or some."""

    def make(account: str = "unpack@acme.test", scopes: list[str] | None = None) -> JiraClient:
        pair = jira.control.issue_tokens(account, scopes=scopes)
        token = pair["access_token"]
        return JiraClient(api_url=jira.url, cloud_id=ENGINEERING, access_token=token)

    return make


@pytest.fixture
def client(connect: Connect) -> JiraClient:
    return connect()
