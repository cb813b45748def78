"""`flask members` and `flask organizations transfer`: for when no admin can be asked."""

import pytest
from flask import Flask

from app.extensions import db
from app.models import AuditEvent, Invitation, Mail, Membership, Role
from tests.support.acme import acme, items, person, team

pytestmark = pytest.mark.usefixtures("sample")

OWNER, ADMIN, FATIMA = "owner@acme.test", "admin@acme.test", "facilitator@acme.test"
MAYA, TOM = "member1@acme.test", "member2@acme.test"


def run(app: Flask, *arguments: str, say: str = "", code: int = 0) -> str:
    db.session.commit()
    result = app.test_cli_runner().invoke(args=list(arguments), input=say)
    assert result.exit_code == code, result.output
    db.session.expire_all()
    return result.output


def roles() -> dict[str, Role]:
    return {each.user.email: each.role for each in acme().memberships}


def test_members_are_listed_the_owner_first(app: Flask) -> None:
    lines = [line.split("\t") for line in run(app, "members", "list", "acme").splitlines()]

    assert lines == [
        ["owner", OWNER, "Olga Brandt"],
        ["admin", ADMIN, "Adam Novak", "Mobile (facilitates), Platform"],
        ["member", FATIMA, "Fatima Said", "Platform (facilitates)"],
        ["member", MAYA, "Maya Lindqvist", "Platform"],
        ["member", TOM, "Tom Becker", "Mobile, Platform"],
    ]


def test_somebody_is_invited_in_the_owners_name(app: Flask) -> None:
    said = run(app, "members", "invite", "acme", "nora@acme.test", "--role", "admin")

    assert said == "nora@acme.test is invited to Acme by Olga Brandt, for 7 days.\n"
    row = db.session.query(Invitation).one()
    assert (row.email, row.role, row.invited_by) == ("nora@acme.test", Role.ADMIN, person("Olga"))


@pytest.mark.environment(UNPACK_DEMO="0")
def test_without_a_mail_server_the_command_for_the_link_is_named(app: Flask) -> None:
    said = run(app, "members", "invite", "acme", "nora@acme.test")

    assert said.splitlines()[-1].endswith("flask invitations link acme nora@acme.test")
    assert "/invitations/" in run(app, "invitations", "link", "acme", "nora@acme.test")


def test_a_role_is_changed(app: Flask) -> None:
    assert "Maya Lindqvist is admin" in run(app, "members", "role", "acme", MAYA, "admin")

    assert roles()[MAYA] is Role.ADMIN
    assert db.session.query(AuditEvent).one().user_id is None


def test_removing_says_what_is_theirs_and_asks(app: Flask) -> None:
    said = run(app, "members", "remove", "acme", FATIMA, say="n\n", code=1)

    assert "Platform: 1 open action item of theirs; to hand over: --hand-to ADDRESS" in said
    assert "Platform: nobody else facilitates it; --facilitator ADDRESS" in said
    assert FATIMA in roles()


def test_what_they_had_goes_to_who_is_named(app: Flask) -> None:
    run(
        app, "members", "remove", "acme", FATIMA, "--hand-to", TOM, "--facilitator", MAYA, "--yes"
    )  # fmt: skip

    assert FATIMA not in roles()
    assert [item.assignee for item in items() if item.title[:5] == "Write"] == [person("Tom")]
    assert [row.user for row in team().team_members if row.facilitator] == [person("Maya")]


def test_a_team_that_is_left_alone_is_named(app: Flask) -> None:
    assert "Nobody facilitates Platform any more." in run(
        app, "members", "remove", "acme", FATIMA, say="y\n"
    )


def test_the_ownership_goes_to_a_member_where_the_owner_is_gone(app: Flask) -> None:
    said = run(app, "organizations", "transfer", "acme", MAYA)

    assert said.splitlines() == [
        "Maya Lindqvist (member1@acme.test) owns Acme.",
        "Olga Brandt (owner@acme.test) is an Admin. To take that away, too: "
        "flask members remove acme owner@acme.test",
    ]
    assert (roles()[MAYA], roles()[OWNER]) == (Role.OWNER, Role.ADMIN)
    told = {mail.user.email for mail in db.session.query(Mail) if mail.user}
    assert told == {MAYA, OWNER}
    event = db.session.query(AuditEvent).one()
    assert (event.action, event.user_id) == ("ownership-transferred", None)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["organizations", "transfer", "acme", OWNER], "This person is the Owner already."),
        (["organizations", "transfer", "acme", "owner@tiny.test"], "is no member of Acme."),
        (["members", "remove", "acme", OWNER, "--yes"], "changes only by transferring"),
        (["members", "role", "acme", OWNER, "member"], "changes only by transferring"),
        (["members", "remove", "acme", FATIMA, "--hand-to", OWNER, "--yes"], "of the list"),
        (["members", "remove", "acme", FATIMA, "--hand-to", "x@y.test"], "Nobody has the address"),
        (["members", "invite", "acme", MAYA], "This person is already a member."),
        (["members", "list", "nowhere"], "There is no organization with the slug"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(app: Flask, arguments: list[str], words: str) -> None:
    before = roles()

    assert words in run(app, *arguments, code=1)
    assert roles() == before
    assert db.session.query(Membership).count() == 6
