"""Follow-through in a line on home, and by whose calendar it is counted."""

from datetime import UTC, datetime

import pytest

from app.extensions import db
from app.models import AuditEvent
from app.services.counts import Count
from app.services.follow_through.counting import zone_of
from app.services.follow_through.figures import Share
from app.services.follow_through.reports import Shares
from app.services.follow_through.summary_words import Summary, in_digest, on_home
from app.services.organizations import accounts, ownership
from app.services.organizations.organizations import create_organization
from tests.support import factories
from tests.support.acme import acme, membership, person
from tests.support.follow_through import DAY, count, retrospective, written

HOME = "/organizations/acme"
ZONE = f"{HOME}/settings/general/time-zone"
FEW = Share(of=4, done=4)

pytestmark = pytest.mark.usefixtures("at_noon")


def of(percent: int) -> Share:
    return Share(of=100, done=percent)


@pytest.mark.parametrize(
    ("shares", "overdue", "words"),
    [
        (
            Shares(of(61), of(48)),
            3,
            Summary(
                "61 % of what was decided is done within 30 days.",
                "48 % in the 6 months before. 3 are overdue.",
            ),
        ),
        (
            Shares(of(61), FEW),
            1,
            Summary("61 % of what was decided is done within 30 days.", "1 is overdue."),
        ),
        (Shares(of(0), FEW), 0, Summary("0 % of what was decided is done within 30 days.")),
        (Shares(FEW, of(48)), 3, None),
    ],
)
def test_home_says_it_in_a_line(shares, overdue, words):
    assert on_home(shares, Count(overdue)) == words


@pytest.mark.parametrize(
    ("shares", "rest"),
    [
        (Shares(of(66), of(62)), "within 30 days, 4 points more than a month ago."),
        (Shares(of(62), of(63)), "within 30 days, 1 point less than a month ago."),
        (Shares(of(62), of(62)), "within 30 days, as a month ago."),
        (Shares(of(62), FEW), "within 30 days."),
    ],
)
def test_the_digest_says_how_a_team_follows_through(shares, rest):
    line = in_digest("Platform", shares)

    assert line == Summary(f"Platform follows through on {shares.now.percent} %", rest)


def test_the_digest_says_nothing_of_too_few():
    assert in_digest("Platform", Shares(FEW, of(62))) is None


def test_home_has_the_line_once_there_is_enough_to_say(signed_in, sample):
    admin = signed_in("admin@acme.test")
    platform = retrospective()
    for _ in range(4):
        written(platform, 40, 3)
    count()
    assert "See the numbers" not in admin.get(HOME).page.texts("a")

    written(platform, 40, due_on=(datetime.now(UTC) - 5 * DAY).date())
    count()

    page = admin.get(HOME).page
    words = " ".join(page.text.split())
    assert "80 % of what was decided is done within 30 days. 1 is overdue." in words
    assert "See the numbers" in page.texts("a")


def test_admins_choose_the_calendar_and_all_is_counted_anew(signed_in, sample):
    at = datetime(2026, 6, 30, 20, tzinfo=UTC)
    item = written(retrospective(), 0)
    item.created_at = at
    count()
    admin = signed_in("admin@acme.test")

    answer = admin.post(ZONE, {"zone": "Asia/Tokyo"}, follow_redirects=True)
    db.session.expire_all()
    count()

    assert "The time zone is saved." in answer.page.text
    assert acme().time_zone == "Asia/Tokyo"
    [event] = db.session.query(AuditEvent).filter_by(action="time-zone-changed")
    assert event.details == {"before": "Europe/Stockholm", "after": "Asia/Tokyo"}
    months = admin.get("/organizations/acme/follow-through/figures.csv?months=12")
    lines = months.get_data(as_text=True).splitlines()
    assert any(line.startswith("Platform,2026-07,1,") for line in lines)


@pytest.mark.parametrize("zone", ["Mars/Olympus", ""])
def test_what_is_no_zone_is_refused(signed_in, sample, zone):
    answer = signed_in("admin@acme.test").post(ZONE, {"zone": zone})

    db.session.expire_all()
    assert answer.status_code == 422
    assert acme().time_zone == "Europe/Stockholm"


def test_the_first_zone_of_the_owner_is_the_organizations(app, sample):
    acme().time_zone = None
    owner = next(row.user for row in acme().memberships if row.role.owns)

    accounts.remember_time_zone(person("Adam"), "Asia/Tokyo")
    assert acme().time_zone is None
    accounts.remember_time_zone(owner, "Europe/Prague")
    accounts.remember_time_zone(owner, "Asia/Tokyo")

    assert acme().time_zone == "Europe/Prague"


def test_who_is_known_founds_an_organization_of_their_zone(app):
    founder = factories.user("frieda@acme.test", "Frieda")
    accounts.remember_time_zone(founder, "Europe/Berlin")

    founded = create_organization("Berlin", "berlin", founder)

    assert str(zone_of(founded)) == "Europe/Berlin"


def test_of_whose_zone_nobody_knows_it_is_known_later(app):
    founder = factories.user("frieda@acme.test", "Frieda")
    founded = create_organization("Berlin", "berlin", founder)
    assert founded.time_zone is None

    accounts.remember_time_zone(founder, "Europe/Berlin")

    assert str(zone_of(founded)) == "Europe/Berlin"


def test_without_a_zone_it_takes_that_of_whom_it_is_handed_over_to(app, sample):
    acme().time_zone = None
    accounts.remember_time_zone(person("Adam"), "Asia/Tokyo")

    ownership.transfer(membership("Adam"))

    assert acme().time_zone == "Asia/Tokyo"
