"""What a new organization is shown to do first: each step is done by itself, or all are hidden."""

from collections.abc import Callable

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import Membership, Phase, Role
from tests.support.acme import acme, choose_project, connect, make_free, sprint_14
from tests.support.people import Person

SignedIn = Callable[..., Person]
HOME, ADMIN = "/organizations/acme", "admin@acme.test"


def steps(browser: Person) -> list[str]:
    page = browser.get(HOME).page
    rows = [each for each in page.all("li") if "first-step" in each.get("class", "")]
    return [" ".join("".join(row.itertext()).split()) for row in rows]


def test_what_is_there_is_done_and_what_is_not_leads_to_where_it_is_done(
    signed_in: SignedIn,
) -> None:
    assert steps(signed_in(ADMIN)) == [
        "People are invited , done",
        "Connect to Jira You sign in at Atlassian and pick a site. Retrospectives work without it. "
        "Connect to Jira",
        "Choose a project Where action items become issues, for all teams or each by itself.",
        "The first retrospective is there , done",
        "Commit to action items When a retrospective enters Commit, its action items become "
        "issues.",
    ]


def test_each_is_done_by_itself(signed_in: SignedIn) -> None:
    browser = signed_in(ADMIN)
    connect()
    db.session.commit()
    assert "Jira is connected , done" in steps(browser)
    assert any(step.endswith("Choose a project") for step in steps(browser))

    choose_project()
    db.session.commit()
    assert "A project is chosen , done" in steps(browser)

    sprint_14(Phase.COMMIT).committed_at = utcnow()
    db.session.commit()
    assert steps(browser) == []
    assert "First steps" not in browser.get(HOME).page.text


def test_an_owner_alone_has_invited_nobody(signed_in: SignedIn) -> None:
    browser = signed_in("owner@acme.test")
    others = db.session.query(Membership).filter_by(organization_id=acme().id)
    others.filter(Membership.role != Role.OWNER).delete()
    db.session.commit()

    assert steps(browser)[0].endswith("Invite somebody")


def test_without_jira_in_the_plan_nothing_of_it_is_asked(signed_in: SignedIn) -> None:
    browser = signed_in(ADMIN)
    make_free()
    db.session.commit()

    assert len(steps(browser)) == 3
    assert steps(browser)[2].endswith("In Commit a team settles who does what, and until when.")
    assert "become issues" not in steps(browser)[2]
    assert "1 of 3 done" not in browser.get(HOME).page.text
    assert "2 of 3 done" in browser.get(HOME).page.text


@pytest.mark.parametrize("who", ["member1@acme.test", "facilitator@acme.test"])
def test_who_administers_nothing_is_shown_none(signed_in: SignedIn, who: str) -> None:
    assert steps(signed_in(who)) == []


def test_hidden_they_stay_hidden_for_all_admins(signed_in: SignedIn) -> None:
    browser = signed_in(ADMIN)

    browser.post(f"{HOME}/first-steps/removal", {})

    assert steps(browser) == []
    assert steps(signed_in("owner@acme.test")) == []
