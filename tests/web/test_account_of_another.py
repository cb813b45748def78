"""Nobody comes into an account that is somebody else's by having named its address first."""

from collections.abc import Callable

from app.extensions import db
from app.models import User
from tests.support.invited import LINK, link_for
from tests.support.people import PASSWORD, Answer, Person

SignedIn = Callable[..., Person]
Work = Callable[[], object]
VERA = "vera@acme.test"
OWN = "my very own sentence"


def test_who_names_an_address_first_gets_nothing_that_opens_its_account(
    signed_in: SignedIn, client: Person
) -> None:
    attacker, admin = signed_in("owner@tiny.test"), signed_in("admin@acme.test")

    seen = _add(attacker, "tiny")
    _add(admin, "acme")

    assert not [word for word in seen if client.sign_in(VERA, word).status_code == 303]
    assert db.session.query(User).filter_by(email=VERA).count() == 0


def test_the_address_gets_in_alone_and_by_a_password_of_its_own(
    signed_in: SignedIn, client: Person, work: Work
) -> None:
    attacker = signed_in("owner@tiny.test")
    _add(attacker, "tiny")
    work()
    client.get(link_for(VERA), follow_redirects=True)
    client.post("/invitation", {"name": "Vera", "password": OWN})
    _add(signed_in("admin@acme.test"), "acme")
    work()
    client.get(link_for(VERA), follow_redirects=True)

    client.post("/invitation")

    assert client.get("/organizations/acme").status_code == 200
    assert attacker.get("/organizations/acme").status_code == 404
    assert attacker.get("/organizations/tiny").status_code == 200


def test_a_link_never_sets_the_password_of_an_account_that_exists(
    signed_in: SignedIn, client: Person, work: Work
) -> None:
    _add(signed_in("owner@tiny.test"), "tiny", "member1@acme.test")
    work()
    page = client.get(link_for("member1@acme.test"), follow_redirects=True).page
    assert "password" not in [field.get("type") for field in page.all("input")]

    client.post("/invitation", {"name": "Maya", "password": OWN})

    assert client.sign_in("member1@acme.test", OWN).status_code == 422
    assert client.sign_in("member1@acme.test", PASSWORD).status_code == 303


def test_no_page_of_an_admin_shows_a_link(signed_in: SignedIn, work: Work) -> None:
    admin = signed_in("admin@acme.test")
    _add(admin, "acme")
    work()

    assert not LINK.search(admin.get("/organizations/acme/settings/members").text)


def _add(admin: Person, slug: str, email: str = VERA) -> list[str]:
    """Ask for somebody in the organization; every word that the page after it sets apart."""
    form = {"email": email, "role": "member", "team": ""}
    answer: Answer = admin.post(f"/organizations/{slug}/settings/invitations", form)
    assert answer.location == f"/organizations/{slug}/settings/members"
    return admin.get(answer.location).page.texts("code")
