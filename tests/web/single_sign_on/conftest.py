"""An installation that knows an identity provider."""

from collections.abc import Callable, Iterator

import pytest

from tests.support import identity_provider
from tests.support.identity_provider import IdentityProvider
from tests.support.people import Answer, Person
from tests.web.single_sign_on.coming import MAYA, START, back


@pytest.fixture(scope="package")
def running() -> Iterator[IdentityProvider]:
    """One for all tests: an app that knows it can be shared."""
    with identity_provider.running() as provider:
        yield provider


@pytest.fixture
def provider(running: IdentityProvider) -> IdentityProvider:
    vars(running).update(vars(IdentityProvider(issuer=running.issuer, claims=dict(MAYA))))
    return running


@pytest.fixture
def environment(environment: dict[str, str], provider: IdentityProvider) -> dict[str, str]:
    return environment | provider.settings


@pytest.fixture
def come_back(client: Person) -> Callable[..., Answer]:
    """Press the button, sign in there, and come back."""

    def go(start: str = START) -> Answer:
        return client.get(back(client.get(start)))

    return go
