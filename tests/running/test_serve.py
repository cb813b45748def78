"""`make serve`: a real installation on one machine, from an empty folder."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from demo.supervisor import CannotRun
from serve import settings
from tests.support.installation import RealInstallation, eventually
from tests.support.pages import Page
from tests.support.settings import CLIENT_ID, CLIENT_SECRET

if TYPE_CHECKING:
    from demo.jira_cloud.server import RunningJiraCloud

OWNER = {"OWNER": "olga@example.com", "ORGANIZATION": "Brandt & Daughters"}

APP = {"JIRA_CLIENT_ID": "an-app", "JIRA_CLIENT_SECRET": "its secret"}


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[RealInstallation]:
    """One in an empty folder, not started. What makes a demo is set, as in some shells."""
    made = RealInstallation(tmp_path / "installation", UNPACK_DEMO="1")
    yield made
    if made.runs is not None:
        made.stop()


def link_in(said: str) -> str:
    found = re.search(r"olga@example\.com: (http\S+/password/links/\S+)", said)
    assert found is not None, said
    return found[1]


def page(browser: requests.Session, address: str) -> Page:
    return Page(browser.get(address, timeout=10).text)


@pytest.mark.whole
def test_from_nothing_to_a_signed_in_owner(installation: RealInstallation) -> None:
    installation.environment |= OWNER | APP
    said = installation.start().said

    browser = requests.Session()
    form = page(browser, link_in(said))
    chosen = {"password": "a long walk by the sea", "csrf_token": form.csrf_token}
    home = browser.post(f"{installation.url}/password", data=chosen, timeout=10)

    assert home.status_code == 200
    assert "Brandt & Daughters" in Page(home.text).text
    card = page(browser, f"{installation.url}/organizations/brandt-daughters/settings/integrations")
    assert "Connect to Jira" in card.text
    ready = f"{installation.url}/readyz"
    eventually(lambda: requests.get(ready, timeout=10).text == "ok\n")
    logs = "".join(each.read_text() for each in (installation.instance / "logs").iterdir())
    assert link_in(said).rpartition("/")[2] not in logs


@pytest.mark.whole
def test_it_is_no_demo(installation: RealInstallation) -> None:
    installation.environment |= OWNER
    installation.start()

    door = requests.get(f"{installation.url}/sign-in", timeout=10)

    assert "Sign in as" not in Page(door.text).text
    assert requests.get(f"{installation.url}/demo/outbox", timeout=10).status_code == 404
    assert not any(
        "jira_cloud" in part for each in installation.everything() for part in each.cmdline()
    )


@pytest.mark.whole
def test_a_second_start_finds_all_as_it_was(installation: RealInstallation) -> None:
    installation.environment |= OWNER
    installation.start()
    secrets = settings.read(settings.path_in(installation.instance))["SECRET_KEY"]
    installation.stop()
    installation.environment.pop("OWNER")

    again = installation.start().said.rpartition("Unpack runs at")[2]

    assert link_in(again), "who has no password yet gets another link"
    assert settings.read(settings.path_in(installation.instance))["SECRET_KEY"] == secrets
    said = installation.command("users", "link", "olga@example.com")
    assert said.returncode == 0, said.stderr
    assert f"http://localhost:{installation.port}/password/links/" in said.stdout


@pytest.mark.whole
def test_the_doctor_finds_what_is_wrong_with_it_and_nothing_else(
    installation: RealInstallation, jira: "RunningJiraCloud"
) -> None:
    atlassian = {"ATLASSIAN_AUTH_URL": jira.url, "ATLASSIAN_API_URL": jira.url}
    known = {"JIRA_CLIENT_ID": CLIENT_ID, "JIRA_CLIENT_SECRET": CLIENT_SECRET}
    installation.environment |= OWNER | atlassian | known
    installation.start()
    eventually(lambda: requests.get(f"{installation.url}/readyz", timeout=10).text == "ok\n")

    well = installation.command("doctor")
    installation.environment["JIRA_CLIENT_SECRET"] = "a secret of before"
    ill = installation.command("doctor")

    worse = [line for line in well.stdout.splitlines() if line.startswith(("amber", "red"))]
    assert [line.split(":")[0] for line in worse] == ["amber mail", "amber proxy"], well.stdout
    assert well.returncode == 2
    assert ill.returncode == 1
    assert "red   atlassian app: Atlassian refuses client ID or secret" in ill.stdout


@pytest.mark.whole
def test_without_an_owner_it_says_whom_to_name(installation: RealInstallation) -> None:
    said, _ = installation.run().communicate(timeout=90)

    assert installation.process.returncode == 1
    assert "make serve OWNER=you@example.com" in said
    assert "Traceback" not in said
    assert installation.everything() == []


@pytest.mark.whole
def test_an_address_that_is_none_is_one_sentence(installation: RealInstallation) -> None:
    installation.environment |= OWNER | {"OWNER": "olga"}
    said, _ = installation.run().communicate(timeout=90)

    assert installation.process.returncode == 1
    assert said.strip().splitlines()[-1] == "This is not an e-mail address."


def test_a_command_without_an_installation_is_one_sentence(installation: RealInstallation) -> None:
    said = installation.command("users", "link", "olga@example.com")

    assert said.returncode == 1
    assert "`make serve` makes one" in said.stderr


def test_its_secrets_are_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    first = settings.build({}, tmp_path)
    file = settings.path_in(tmp_path)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert settings.build({}, tmp_path) == first
    assert settings.build({}, tmp_path / ".." / tmp_path.name, 6050)["PORT"] == "6050"


def test_the_shell_goes_before_the_file_and_neither_makes_a_demo(tmp_path: Path) -> None:
    settings.path_in(tmp_path).write_text(
        '# ours\nPORT=6050\nJIRA_CLIENT_ID="of the file"\nUNPACK_DEMO=1\nSMTP_URL=\n'
    )
    told = settings.build({"JIRA_CLIENT_ID": "of the shell", "SMTP_URL": ""}, tmp_path)

    assert told["JIRA_CLIENT_ID"] == "of the shell"
    assert told["PUBLIC_URL"] == "http://localhost:6050"
    assert {"UNPACK_DEMO", "SMTP_URL"} & set(told) == set()


@pytest.mark.parametrize("line", ["SECRET KEY=abc", "export", "a-b=c"])
def test_a_line_that_is_no_setting_is_named_and_not_repeated(tmp_path: Path, line: str) -> None:
    settings.path_in(tmp_path).write_text(f"PORT=5050\n{line}\n")

    with pytest.raises(CannotRun, match=r"Line 2 of .* is not NAME=value") as refused:
        settings.build({}, tmp_path)

    assert line not in str(refused.value)


@pytest.mark.whole
def test_what_it_writes_is_for_its_owner_alone(installation: RealInstallation) -> None:
    installation.instance.mkdir(mode=0o755)
    installation.run().communicate(timeout=90)

    made = [installation.instance, *installation.instance.rglob("*")]
    assert len(made) > 2
    assert [each for each in made if each.lstat().st_mode & 0o077] == []


def test_a_folder_of_another_user_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = os.getuid()
    monkeypatch.setattr("os.getuid", lambda: ours + 1)
    monkeypatch.setattr("os.umask", lambda mask: mask)  # the tests' own stays

    with pytest.raises(CannotRun, match="belongs to another user"):
        settings.make_private(tmp_path)


def test_a_link_in_place_of_the_draft_leads_no_secret_away(tmp_path: Path) -> None:
    elsewhere, instance = tmp_path / "elsewhere", tmp_path / "instance"
    instance.mkdir()
    elsewhere.write_text("")
    (instance / "settings.new").symlink_to(elsewhere)

    settings.build({}, instance)

    assert elsewhere.read_text() == ""
    assert not settings.path_in(instance).is_symlink()
