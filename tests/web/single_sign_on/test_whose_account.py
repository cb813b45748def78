"""Into whose account somebody comes with an account at an identity provider."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Mail, MailKind, Membership, ProviderIdentity, Role, User
from app.services.organizations import accounts, invitations, one_time_links
from tests.support.acme import acme, person
from tests.support.identity_provider import IdentityProvider
from tests.support.invited import LINK
from tests.support.people import Answer, Person
from tests.web.single_sign_on.coming import MAYA, START, count, people_in

pytestmark = pytest.mark.usefixtures("sample")


def test_the_button_stands_where_people_sign_in(client: Person) -> None:
    page = client.get("/sign-in?next=/organizations/acme").page

    assert "Sign in with Acme Login" in page.texts("a")
    assert f"{START}?next=/organizations/acme" in page.values("href")


def test_who_has_the_address_comes_in_and_is_tied(come_back: Callable[..., Answer]) -> None:
    people = count(User)

    answer = come_back(f"{START}?next=/organizations/acme")

    assert (answer.status_code, answer.location) == (303, "/organizations/acme")
    assert people_in() == ["member1@acme.test"]
    assert count(User) == people
    [tied] = db.session.scalars(select(ProviderIdentity))
    assert (tied.subject, tied.user.email) == ("m-1", "member1@acme.test")


def test_who_was_in_the_account_before_is_out_and_its_person_is_told(
    signed_in: Callable[..., Person], come_back: Callable[..., Answer]
) -> None:
    before = signed_in("member1@acme.test")
    link = one_time_links.for_password(person("Maya"))
    db.session.commit()

    come_back()

    assert before.get("/account").status_code == 303
    found = LINK.search(link)
    assert found
    assert before.get(found[0], follow_redirects=True).status_code == 410
    told = db.session.scalars(select(Mail.kind)).all()
    assert told == [MailKind.SIGN_IN_TIED]


def test_who_comes_again_ends_no_session(
    client: Person, signed_in: Callable[..., Person], come_back: Callable[..., Answer]
) -> None:
    come_back()
    client.post("/sign-out")
    elsewhere = signed_in("member1@acme.test")

    come_back()

    assert elsewhere.get("/account").status_code == 200


def test_a_foreign_destination_leads_home(come_back: Callable[..., Answer]) -> None:
    assert come_back(f"{START}?next=https://evil.test/").location == "/"


def test_the_subject_counts_and_another_address_is_told(
    client: Person, provider: IdentityProvider, come_back: Callable[..., Answer]
) -> None:
    come_back()
    client.post("/sign-out")
    provider.claims = MAYA | {"email": "Maya.Chen@elsewhere.test"}

    home = client.get(come_back().location, follow_redirects=True)

    assert people_in() == ["member1@acme.test"]
    assert "Acme Login knows you as maya.chen@elsewhere.test" in home.page.text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"email_verified": False}, "has not checked your e-mail address"),
        ({"email_verified": None}, "has not checked your e-mail address"),
        ({"email": "owner@tiny.test"}, "does not take owner@tiny.test"),
        ({"email": "x@acme.test@tiny.test"}, "does not take x@acme.test@tiny.test"),
        ({"email": "a b@acme.test"}, "is not an e-mail address"),
        ({"sub": ""}, "did not say who you are"),
        ({"sub": "x" * 256}, "did not say who you are"),
        ({"sub": "a\0b"}, "did not say who you are"),
    ],
)
def test_nobody_comes_in_by_what_the_provider_may_not_say(
    client: Person,
    provider: IdentityProvider,
    come_back: Callable[..., Answer],
    said: dict[str, object],
    words: str,
) -> None:
    provider.claims = MAYA | said

    answer = come_back()

    assert words in client.get(answer.location).page.text
    assert (people_in(), count(ProviderIdentity)) == ([], 0)


def test_an_address_that_passed_to_somebody_else_there_opens_nothing(
    client: Person, provider: IdentityProvider, come_back: Callable[..., Answer]
) -> None:
    come_back()
    client.post("/sign-out")
    provider.claims = MAYA | {"sub": "somebody-else"}

    answer = come_back()

    assert "belongs to another person" in client.get(answer.location).page.text
    assert people_in() == []


def test_the_operator_unties_it(
    app: Flask, client: Person, provider: IdentityProvider, come_back: Callable[..., Answer]
) -> None:
    come_back()
    client.post("/sign-out")
    provider.claims = MAYA | {"sub": "somebody-else"}

    done = app.test_cli_runner().invoke(args=["users", "untie", "member1@acme.test"])

    assert "Forgot 1 account" in done.output
    assert come_back().location == "/"


def test_a_stranger_gets_an_account_and_no_membership(
    provider: IdentityProvider, come_back: Callable[..., Answer]
) -> None:
    members = count(Membership)
    provider.claims = {"sub": "n-1", "email": "New@Example.com", "email_verified": True}

    come_back()

    newcomer = accounts.find_by_email("new@example.com")
    assert newcomer is not None
    assert (newcomer.name, newcomer.password_hash) == ("new", "")
    assert count(Membership) == members


def test_who_was_invited_joins_with_it(
    client: Person, provider: IdentityProvider, come_back: Callable[..., Answer]
) -> None:
    invitation = invitations.invite(
        acme(), email="new@example.com", role=Role.MEMBER, team_ids=[], by=person("Adam")
    )
    link = LINK.search(one_time_links.for_invitation(invitation))
    assert link
    provider.claims = {"sub": "n-1", "email": "new@example.com", "email_verified": True}
    client.get(link[0])
    page = client.get("/invitation").page
    assert "Sign in with Acme Login" in page.texts("a")

    answer = come_back(f"{START}?next=/invitation")
    assert answer.location == "/invitation"
    client.get("/invitation")
    client.post("/invitation")

    newcomer = accounts.find_by_email("new@example.com")
    assert newcomer is not None
    assert [each.organization.slug for each in newcomer.memberships] == ["acme"]


def test_a_name_without_end_is_cut(
    provider: IdentityProvider, come_back: Callable[..., Answer]
) -> None:
    provider.claims = {"sub": "n-1", "email": "n@example.com", "email_verified": True}
    provider.claims["name"] = "A\0" + "x" * 400

    come_back()

    newcomer = accounts.find_by_email("n@example.com")
    assert newcomer is not None
    assert newcomer.name == "A" + "x" * 119


def test_the_account_page_says_with_whom(client: Person, come_back: Callable[..., Answer]) -> None:
    come_back()

    assert "You also sign in with Acme Login." in client.get("/account").page.text
