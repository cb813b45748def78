"""The operator's commands."""

import subprocess
import sys

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from app.extensions import db
from app.models import Organization, Plan, Role
from app.services.organizations import organizations, passwords
from app.services.sign_in import hashing
from tests.support.people import Person

OWNER = ["users", "create", "olga@example.test", "Olga"]


def run(app: Flask, *arguments: str) -> str:
    db.session.commit()
    result = app.test_cli_runner().invoke(args=list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def test_an_installation_is_set_up_from_the_command_line(app: Flask) -> None:
    run(app, *OWNER)
    run(app, "organizations", "create", "Acme Inc", "--slug", "acme-inc", "--owner",
        "olga@example.test", "--plan", "pro")  # fmt: skip
    said = run(app, "users", "create", "fay@example.test", "Fay", "--organization", "acme-inc")
    run(app, "teams", "create", "acme-inc", "Platform")
    run(app, "teams", "add-member", "acme-inc", "Platform", "fay@example.test", "--facilitator")

    acme = _organization("acme-inc")
    assert (acme.name, acme.plan) == ("Acme Inc", Plan.PRO)
    assert [m.role for m in acme.memberships] == [Role.OWNER, Role.MEMBER]
    [row] = acme.teams[0].team_members
    assert (row.user.email, row.facilitator) == ("fay@example.test", True)
    link = said.splitlines()[-1]
    assert said.splitlines()[-2] == "For fay@example.test alone, for an hour:"
    hashed = hashing.make("my very own sentence")
    assert passwords.choose_by_link(link.rpartition("/")[2], hashed) == row.user
    assert passwords.person_of("fay@example.test", hashed) == row.user


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["users", "create", "olga@example.test", "Olga"], "Somebody already uses this e-mail"),
        (["users", "create", "nobody", "X"], "This is not an e-mail address."),
        (["users", "link", "x@example.test"], "Nobody has the address"),
        (["invitations", "link", "nowhere", "x@example.test"], "There is no organization with"),
        (["teams", "create", "nowhere", "Data"], "There is no organization with the slug"),
        (["organizations", "create", "A", "--slug", "a", "--owner", "x@y.test"], "Nobody has"),
        (
            [
                "organizations",
                "create",
                "A",
                "--slug",
                "Not a slug",
                "--owner",
                "olga@example.test",
            ],
            "small letters, digits",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(app: Flask, arguments: list[str], words: str) -> None:
    run(app, *OWNER)

    result = app.test_cli_runner().invoke(args=arguments)

    assert result.exit_code != 0
    assert words in result.output


def test_somebody_is_signed_out_everywhere(app: Flask, client: Person, sample: None) -> None:
    client.sign_in("admin@acme.test")

    said = run(app, "users", "end-sessions", "admin@acme.test")

    assert said.strip() == "1 session of admin@acme.test ended"
    assert client.get("/account").status_code == 303


def test_a_key_is_made_before_there_is_any_configuration() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.operations.key_commands", "generate"],
        capture_output=True,
        text=True,
        env={},
        check=True,
    )

    Fernet(done.stdout.strip())


def _organization(slug: str) -> Organization:
    db.session.expire_all()
    found = organizations.find_by_slug(slug)
    assert found is not None
    return found
