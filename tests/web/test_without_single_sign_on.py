"""An installation without an identity provider, and settings that do not go together."""

import pytest

from config import ConfigurationError
from tests.support import settings
from tests.support.people import Person

ALL = {
    "OIDC_ISSUER": "https://login.acme.test/",
    "OIDC_CLIENT_ID": "unpack",
    "OIDC_CLIENT_SECRET": "of-the-provider",
    "OIDC_DOMAINS": "Acme.test",
}


def test_there_is_no_button_and_no_door(client: Person) -> None:
    assert "single-sign-on" not in client.get("/sign-in").page.html
    assert client.get("/sign-in/single-sign-on").status_code == 404
    assert client.get("/sign-in/single-sign-on/callback?code=1&state=2").status_code == 404


def test_the_issuer_stays_as_it_is_written() -> None:
    built = settings.build(database_url="sqlite://", **ALL)

    assert built["OIDC_ISSUER"] == "https://login.acme.test/"
    assert built["OIDC_DOMAINS"] == ["acme.test"]
    assert built["OIDC_NAME"] == "login.acme.test"


@pytest.mark.parametrize("missing", ALL)
def test_all_settings_belong_together(missing: str) -> None:
    with pytest.raises(ConfigurationError, match=f"needs {missing}, too"):
        settings.build(database_url="sqlite://", **{**ALL, missing: ""})


def test_a_provider_whose_words_travel_in_the_open_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="OIDC_ISSUER must begin with https"):
        settings.build(
            database_url="sqlite://", UNPACK_DEMO="", **{**ALL, "OIDC_ISSUER": "http://login.test"}
        )
