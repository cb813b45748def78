"""What is typed while a session ends comes back after signing in, to the same person alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.clock import utcnow
from app.web import unsaved
from tests.support.acme import items, sprint_14
from tests.support.pages import Page
from tests.support.people import PASSWORD, Answer, Person

MAYA, TOM = "member1@acme.test", "member2@acme.test"
TYPED = {"title": 'Buy "cake" & more', "description": "With\n\ncandles", "due": "2026-11-30"}


@pytest.fixture
def maya(sample: None, signed_in: Callable[[str], Person]) -> Person:
    return signed_in(MAYA)


def address() -> str:
    return f"/retrospectives/{sprint_14().id}/action-items"


def values(page: Page) -> dict[str, str]:
    """What stands in the fields of a page's first form with a title or an address."""
    fields = [e for e in page.root.iter() if e.tag in {"input", "textarea"} and e.get("name")]
    return {e.get("name", ""): e.get("value") or e.text or "" for e in fields}


def typed_by(somebody: Person) -> str:
    return values(somebody.get(f"{address()}/new").page)["typed_by"]


def send_signed_out(somebody: Person, **fields: str) -> Answer:
    """Fill in the form of a new item, and send it when the session has ended."""
    form = TYPED | {"typed_by": typed_by(somebody)} | fields
    token = somebody.csrf_token
    somebody.get("/", follow_redirects=True)
    somebody.post("/sign-out", {})
    return somebody.post(address(), form | {"csrf_token": token})


def sign_in(somebody: Person, page: Page, email: str = MAYA) -> Answer:
    """Through the form that the ended session was answered with."""
    kept = values(page)
    form = {name: kept[name] for name in ("csrf_token", "next", "unsaved")}
    return somebody.post("/sign-in", form | {"email": email, "password": PASSWORD})


def test_the_same_person_gets_it_back_and_saves_it(maya):
    answer = send_signed_out(maya)
    assert answer.status_code == 401
    assert "Your session has ended. What you typed is kept" in answer.page.text

    back = sign_in(maya, answer.page).page
    shown = values(back)
    assert {name: shown[name] for name in TYPED} == TYPED
    assert len(items()) == 5  # signing in alone saves nothing

    sent = {name: value for name, value in shown.items() if name != "next"}
    assert maya.post(address(), sent | TYPED).status_code == 303
    assert items()[-1].title == 'Buy "cake" & more'


def test_it_cannot_be_read_by_who_comes_next(maya):
    answer = send_signed_out(maya)

    assert "cake" not in answer.get_data(as_text=True)
    assert "candles" not in answer.get_data(as_text=True)


def test_another_person_gets_nothing_of_it(maya):
    answer = sign_in(maya, send_signed_out(maya).page, TOM)

    assert answer.status_code == 303
    assert "cake" not in maya.get("/", follow_redirects=True).get_data(as_text=True)


def test_a_wrong_password_keeps_it(maya):
    page = send_signed_out(maya).page
    kept = {name: values(page)[name] for name in ("csrf_token", "next", "unsaved")}
    again = maya.post("/sign-in", kept | {"email": MAYA, "password": "wrong"}).page

    assert values(sign_in(maya, again).page)["title"] == 'Buy "cake" & more'


def test_after_an_hour_it_is_gone(maya, monkeypatch):
    page = send_signed_out(maya).page
    later = utcnow() + timedelta(minutes=61)
    monkeypatch.setattr(unsaved, "utcnow", lambda: later)

    assert sign_in(maya, page).status_code == 303


@pytest.mark.parametrize("forged", ["", "1", "nobody"])
def test_who_cannot_prove_that_they_typed_it_plants_nothing(maya, forged):
    answer = send_signed_out(maya, typed_by=forged)

    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_a_page_of_an_earlier_session_of_the_same_person_keeps_it_too(maya):
    """They signed out and in again in another tab."""
    form = TYPED | {"typed_by": typed_by(maya), "csrf_token": maya.csrf_token}
    maya.get("/", follow_redirects=True)
    maya.post("/sign-out", {})
    maya.sign_in(MAYA)

    answer = maya.post(address(), form)

    assert answer.status_code == 400
    assert values(answer.page)["title"] == 'Buy "cake" & more'
    assert len(items()) == 5


def test_a_page_of_somebody_elses_session_shows_nothing(maya):
    form = TYPED | {"typed_by": typed_by(maya), "csrf_token": maya.csrf_token}
    maya.get("/", follow_redirects=True)
    maya.post("/sign-out", {})
    maya.sign_in(TOM)

    answer = maya.post(address(), form)

    assert "This page was open for too long" in answer.page.text
    assert "cake" not in answer.get_data(as_text=True)


def test_another_site_cannot_have_anything_kept(maya):
    form = TYPED | {"typed_by": typed_by(maya)}
    maya.get("/", follow_redirects=True)
    maya.post("/sign-out", {})

    answer = maya.post(address(), form, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/organizations/acme/retrospectives", "title"),
        ("/organizations/acme/settings/invitations", "email"),
        ("/organizations/acme/settings/teams", "name"),
    ],
)
def test_other_forms_with_words_keep_them_too(sample, signed_in, path, name):
    admin = signed_in("admin@acme.test")
    form = {name: "some words", "typed_by": typed_by(admin)}
    admin.get("/", follow_redirects=True)
    admin.post("/sign-out", {})

    page = sign_in(admin, admin.post(path, form).page, "admin@acme.test").page

    assert values(page)[name] == "some words"
    assert any(e.get("action") == path for e in page.root.iter("form"))


def test_a_fragment_leads_back_to_where_the_person_was(maya):
    maya.get("/", follow_redirects=True)
    maya.post("/sign-out", {})
    headers = {"HX-Current-URL": "http://localhost/retrospectives/1?x=1"}

    answer = maya.get("/retrospectives/1/panel", htmx=True, headers=headers)

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/retrospectives/1?x%3D1"


@pytest.mark.parametrize(
    "seen",
    [
        "http://localhost//elsewhere.example/",
        "http://localhost/\\elsewhere.example",
        "javascript:alert(1)",
        "data:text/html,x",
    ],
)
def test_leaving_it_leads_nowhere_else(maya, seen):
    page = send_signed_out(maya).page
    kept = {name: values(page)[name] for name in ("csrf_token", "next", "unsaved")}
    form = kept | {"email": MAYA, "password": PASSWORD}

    back = maya.post("/sign-in", form, headers={"Referer": seen}).page

    [link] = [each for each in back.all("a") if each.text == "Leave it"]
    assert link.get("href") == "/"


def test_leaving_it_leads_back_to_where_it_was_typed(maya):
    page = send_signed_out(maya).page
    kept = {name: values(page)[name] for name in ("csrf_token", "next", "unsaved")}
    form = kept | {"email": MAYA, "password": PASSWORD}
    headers = {"Referer": f"http://localhost{address()}/new?x=1"}

    back = maya.post("/sign-in", form, headers=headers).page

    [link] = [each for each in back.all("a") if each.text == "Leave it"]
    assert link.get("href") == f"{address()}/new?x=1"
