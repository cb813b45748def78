"""What holds for every answer and every request (style.md §8)."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from tests.support import settings
from tests.support.pages import Page
from tests.support.people import Person

# The outbox is the demo's alone: everywhere else it is 404.
# Jira's webhooks prove themselves by a token of their own.
# Whether the installation is ready is asked by machines.
# Whoever is invited or has forgotten a password cannot sign in; a link is their proof. Of a new
# address the link is kept through the sign-in, which the page after it needs.
# The provider's answer is the sign-in. What Prometheus reads has a token of its own.
PUBLIC = {
    *("static", "sessions.new", "sessions.create", "outbox.index", "webhooks.create"),
    *("passwords.new", "passwords.create", "passwords.sent"),
    *("passwords.follow", "passwords.edit", "passwords.update"),
    *("acceptances.follow", "acceptances.new", "acceptances.create"),
    *("email_changes.follow", "single_sign_on.new", "single_sign_on.callback"),
    *("readiness.show", "metrics.show", "unsubscriptions.show", "unsubscriptions.create"),
}
POLICY = (
    "default-src 'none'; script-src 'self'{cdn}; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HOME = "/organizations/acme"


def test_everything_needs_sign_in_but_these(app: Flask) -> None:
    public = {
        endpoint for endpoint, view in app.view_functions.items() if getattr(view, "public", False)
    }

    assert public == PUBLIC


def test_a_page_forbids_what_it_does_not_need(client: Person) -> None:
    headers = client.get("/sign-in").headers

    assert headers["Content-Security-Policy"] == POLICY.format(cdn="")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "clipboard" not in headers["Permissions-Policy"]  # keys and addresses are copied


@pytest.mark.environment(
    PUBLIC_URL="https://unpack.example.org", UNPACK_DEMO="0", TRUSTED_HOSTS="unpack.example.org"
)
def test_a_browser_that_came_by_https_comes_by_nothing_else(client: Person) -> None:
    answer = client.get("/sign-in", base_url="https://unpack.example.org")
    plain = client.get("/healthz", base_url="http://10.0.3.17:8000")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in plain.headers


@pytest.mark.environment(PUBLIC_URL="https://localhost:8443")
def test_this_machines_other_programs_are_not_held_to_https(client: Person) -> None:
    answer = client.get("/sign-in", base_url="https://localhost:8443")

    assert "Strict-Transport-Security" not in answer.headers


def test_htmx_comes_from_the_cdn_with_its_integrity(database_url: str, redis_url: str) -> None:
    built = settings.build(database_url=database_url, redis_url=redis_url)
    built["HTMX_SRC"] = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js"

    answer = create_app(built).test_client().get("/sign-in")

    assert answer.headers["Content-Security-Policy"] == POLICY.format(
        cdn=" https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js"
    )
    [htmx] = [each for each in Page(answer.text).all("script") if each.get("integrity")]
    assert htmx.get("integrity") == built["HTMX_INTEGRITY"]
    assert htmx.get("crossorigin") == "anonymous"


def test_the_vendored_htmx_is_the_one_that_the_cdn_serves(app: Flask) -> None:
    from base64 import b64encode
    from hashlib import sha384

    vendored = Path(app.static_folder or "") / "vendor" / "htmx-2.0.11.min.js"
    digest = b64encode(sha384(vendored.read_bytes()).digest()).decode()

    assert app.config["HTMX_INTEGRITY"] == f"sha384-{digest}"


@pytest.mark.parametrize("htmx", [False, True])
def test_no_cache_keeps_a_page_or_takes_a_fragment_for_it(
    signed_in: Callable[..., Person], htmx: bool
) -> None:
    headers = signed_in("admin@acme.test").get(HOME, htmx=htmx).headers

    assert headers["Cache-Control"] == "no-store"
    assert "HX-Request" in headers["Vary"]


def test_static_files_are_kept_for_a_year_under_an_address_of_their_content(
    client: Person,
) -> None:
    page = client.get("/sign-in").page.html
    [address] = re.findall(r'href="(/static/css/base\.css\?v=\w{10})"', page)

    answer = client.get(address)

    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert "immutable" in answer.headers["Cache-Control"]
    assert "max-age" not in client.get("/static/css/base.css").headers["Cache-Control"]
    font = client.get("/static/vendor/inter-5.3.0-latin-wght-normal.woff2")
    assert "immutable" in font.headers["Cache-Control"]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_of_another_site_is_refused(signed_in: Callable[..., Person], site: str) -> None:
    person = signed_in("admin@acme.test")
    person.get(HOME)

    answer = person.post("/sign-out", headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 403
    assert "another site" in answer.page.text
    assert person.get(HOME).status_code == 200


def test_a_link_of_another_site_may_lead_here(signed_in: Callable[..., Person]) -> None:
    answer = signed_in("admin@acme.test").get(HOME, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 200


@pytest.mark.parametrize("htmx", [False, True])
def test_a_form_without_the_token_says_that_the_page_is_old(
    signed_in: Callable[..., Person], htmx: bool
) -> None:
    answer = signed_in("admin@acme.test").post("/sign-out", csrf=False, htmx=htmx)

    assert answer.status_code == 400
    assert "Reload it and try again. Nothing was changed." in answer.page.text


def test_htmx_sends_the_token_in_a_header(signed_in: Callable[..., Person]) -> None:
    person = signed_in("admin@acme.test")
    token = person.get(HOME).page.csrf_token

    answer = person.post("/sign-out", csrf=False, headers={"X-CSRF-Token": token})

    assert answer.status_code == 303


def test_a_host_that_is_not_ours_is_refused(client: Person) -> None:
    answer = client.get("/sign-in", headers={"Host": "evil.test"})

    assert answer.status_code == 400


def test_the_session_cookie_is_for_this_site_and_no_script(client: Person) -> None:
    cookie = client.get("/sign-in").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_part_of_a_page_does_not_put_an_older_session_back(sample: None, signed_in) -> None:
    admin = signed_in("admin@acme.test")
    page = "/organizations/acme/settings/integrations/jira/sync-log"

    assert "Set-Cookie" in admin.get("/organizations/acme").headers
    assert "Set-Cookie" not in admin.get(page, htmx=True).headers
    assert "Set-Cookie" not in admin.get("/static/css/base.css").headers


def test_under_https_the_cookie_is_bound_to_the_host(database_url: str, redis_url: str) -> None:
    app = create_app(
        settings.build(
            database_url=database_url,
            redis_url=redis_url,
            PUBLIC_URL="https://unpack.test",
            UNPACK_DEMO="0",
        )
    )

    cookie = app.test_client().get("/sign-in", base_url="https://unpack.test").headers["Set-Cookie"]

    assert cookie.startswith("__Host-unpack=")
    assert "Secure" in cookie
