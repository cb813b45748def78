"""What an operator may set, and every sentence at once on what would not be safe."""

import base64

import pytest

from config import ConfigurationError, from_environment

SAFE = {
    "SECRET_KEY": "kR9x-2mQ7vT0wZ4bN8cL1pS6yD3fG5hJ",
    "TOKEN_ENCRYPTION_KEYS": "c1M9hZ0oq3u8mB2rT6yXw4KdV7fLpJ5nAe8GtRzQbWk=",
    "PUBLIC_URL": "https://unpack.example.org",
    "JIRA_CLIENT_ID": "client",
    "JIRA_CLIENT_SECRET": "ATOA-a-secret-of-atlassians",
}
ZEROS = base64.urlsafe_b64encode(bytes(32)).decode()


def sentences(**changes: str) -> list[str]:
    """What an installation with `changes` is told."""
    with pytest.raises(ConfigurationError) as refused:
        from_environment(SAFE | changes)
    return str(refused.value).splitlines()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"PUBLIC_URL": "http://127.0.0.1:8000"},
        {"PUBLIC_URL": "http://[::1]:8000/unpack"},
        {"ATLASSIAN_AUTH_URL": "http://localhost:5051"},
        {"SECRET_KEY": "0c8f" * 2 + "5b1d92ae7740c6f3e1ab5d2908c47e6f"},
        {"SECRET_KEY_FALLBACKS": "pL4z-8nW1xV6tB0qM2rK7uY5jH9dF3gS"},
        {"SYNC_LEASE": "4", "JIRA_TIMEOUT": "1.5"},
    ],
)
def test_what_is_safe_starts(changes: dict[str, str]) -> None:
    assert from_environment(SAFE | changes)["PUBLIC_URL"]


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("kR9x-2mQ7vT0wZ4bN8cL1pS6yD3fG5h", "is shorter than 32 characters"),
        ("please-change-me-before-you-go-live", "is an example from instructions"),
        ("my-super-Secret Key-for-production!", "is an example from instructions"),
        ("a" * 64, "repeats the same few characters"),
        ("kR9x-2mQ" * 5, "repeats the same few characters"),
    ],
)
@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_FALLBACKS"])
def test_a_secret_that_can_be_guessed_is_refused(name: str, secret: str, why: str) -> None:
    [sentence] = sentences(**{name: secret})

    assert sentence.startswith(f"{name} {why}")
    assert secret not in sentence


@pytest.mark.parametrize("key", [ZEROS, base64.urlsafe_b64encode(b"0123" * 8).decode()])
def test_a_key_that_can_be_guessed_is_refused_behind_a_good_one_too(key: str) -> None:
    for keys in (key, f"{SAFE['TOKEN_ENCRYPTION_KEYS']},{key}"):
        [sentence] = sentences(TOKEN_ENCRYPTION_KEYS=keys)

        assert sentence.startswith("TOKEN_ENCRYPTION_KEYS holds a key that anybody can guess")


@pytest.mark.parametrize("name", ["SECRET_KEY_FALLBACKS", "JIRA_CLIENT_SECRET"])
def test_one_secret_for_two_purposes_is_refused(name: str) -> None:
    [sentence] = sentences(**{name: SAFE["SECRET_KEY"]})

    assert sentence.startswith(f"SECRET_KEY and {name} hold the same secret")


@pytest.mark.parametrize("name", ["PUBLIC_URL", "ATLASSIAN_AUTH_URL", "ATLASSIAN_API_URL"])
def test_an_address_that_others_can_listen_to_is_refused(name: str) -> None:
    [sentence] = sentences(**{name: "http://jira.example.org"})

    assert sentence.startswith(f"{name} must begin with https://: what travels to jira.example.org")


@pytest.mark.parametrize("address", ["jira.example.org", "ftp://jira.example.org", "https://a:b"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    [sentence] = sentences(ATLASSIAN_API_URL=address)

    assert sentence == f"ATLASSIAN_API_URL must be an http or https address, not {address!r}."


@pytest.mark.parametrize(
    ("changes", "least"),
    [
        ({"JIRA_TIMEOUT": "60"}, "68.8"),
        ({"SYNC_LEASE": "25"}, "25.1"),
        ({"SYNC_LEASE": "3"}, "25.1"),
    ],
)
def test_a_lease_that_no_request_could_end_within_is_refused(
    changes: dict[str, str], least: str
) -> None:
    [sentence] = sentences(**changes)

    assert sentence.startswith(f"SYNC_LEASE must be longer than {least} seconds")


def test_such_a_lease_sends_nothing_in_the_demo_either() -> None:
    demo = {"PUBLIC_URL": "http://localhost:5050", "UNPACK_DEMO": "1", "SECRET_KEY": "short"}

    [sentence] = sentences(**demo, JIRA_TIMEOUT="60")

    assert sentence.startswith("SYNC_LEASE must be longer")


@pytest.mark.parametrize("value", ["nan", "inf", "-1", "", "soon"])
def test_a_number_that_is_none_is_refused(value: str) -> None:
    assert sentences(JIRA_TIMEOUT=value) == [
        f"JIRA_TIMEOUT must be a number above 0, not {value!r}."
    ]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    told = sentences(
        SECRET_KEY="",
        TOKEN_ENCRYPTION_KEYS=ZEROS,
        PUBLIC_URL="http://unpack.example.org",
        PROXY_COUNT="one",
        SYNC_EDIT_DELAYS="5",
        SMTP_URL="mail.example.org",
    )

    assert sorted(sentence.split()[0] for sentence in told) == [
        "PROXY_COUNT", "PUBLIC_URL", "SECRET_KEY", "SMTP_URL", "SYNC_EDIT_DELAYS",
        "TOKEN_ENCRYPTION_KEYS",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://unpack.example.org", ["unpack.example.org"]),
        ("http://localhost:5050", ["localhost", "127.0.0.1"]),
    ],
)
def test_this_machines_names_are_trusted_where_they_are_the_address(
    url: str, hosts: list[str]
) -> None:
    assert from_environment(SAFE | {"PUBLIC_URL": url})["TRUSTED_HOSTS"] == hosts


def test_each_thread_of_a_web_process_has_a_connection_and_so_has_what_stores_deliveries() -> None:
    usual = from_environment(SAFE)
    more = from_environment(SAFE | {"WEB_THREADS": "8"})
    own = from_environment(SAFE | {"WEB_THREADS": "8", "DATABASE_POOL": "3"})

    pools = [each["SQLALCHEMY_ENGINE_OPTIONS"]["pool_size"] for each in (usual, more, own)]
    assert pools == [4 + 2, 8 + 2, 3]


def test_a_machine_with_many_cores_has_no_more_processes_than_somebody_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = []
    for cores in (1, 3, 64):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        found.append(from_environment(SAFE)["WEB_PROCESSES"])

    assert found == [2, 3, 4]
    assert from_environment(SAFE | {"WEB_PROCESSES": "16"})["WEB_PROCESSES"] == 16


@pytest.mark.parametrize(
    ("name", "value", "least"),
    [("WEB_PROCESSES", "0", 1), ("WEB_THREADS", "3", 4), ("DATABASE_POOL", "0", 1)],
)
def test_too_few_of_them_are_refused(name: str, value: str, least: int) -> None:
    assert sentences(**{name: value}) == [f"{name} must be {least} or more, not {value}."]
