"""The Sync Log as CSV, as a spreadsheet reads it."""

import csv
import io
from datetime import timedelta

import pytest

from app.clock import utcnow
from app.models import Outcome
from app.services.sync_log import csv_export
from tests.support.acme import connect_and_choose, items, link
from tests.support.sync_entries import attempt, entry, failed, synced

LOG = "/organizations/acme/settings/integrations/jira/sync-log"


pytestmark = pytest.mark.usefixtures("connected")


@pytest.fixture
def connected(sample: None, app: object) -> None:
    connect_and_choose()


def table(answer) -> list[dict[str, str]]:
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_it_downloads_as_a_file_that_spreadsheets_take_for_utf_8(admin):
    synced(items()[0])

    answer = admin.get(f"{LOG}/entries.csv")

    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="sync-log-acme-')
    assert answer.get_data().startswith(b"\xef\xbb\xbf")


def test_a_line_says_everything_in_utc(admin):
    log = failed(items()[0], message="Nein, „so“ nicht.")
    attempt(log, Outcome.REFUSED, status=403, trace="8f2c1a")

    line = table(admin.get(f"{LOG}/entries.csv"))[0]

    assert line["Last try (UTC)"] == f"{log.updated_at:%Y-%m-%d %H:%M:%S}"
    assert line["Action item"] == "Add a canary stage to the deploy pipeline"
    assert line["Outcome"] == "Sync error"
    assert line["What went wrong"] == "Permission denied"
    assert line["Jira said"] == "Nein, „so“ nicht."
    assert line["Status of the last try"] == "403"
    assert line["Trace id of the last try"] == "8f2c1a"


def test_an_issue_comes_with_its_address(admin):
    synced(items()[0])

    line = table(admin.get(f"{LOG}/entries.csv"))[0]

    assert line["Issue"] == "PLAT-142"
    assert line["Link"] == "https://acme-eng.atlassian.net/browse/PLAT-142"


def test_it_is_filtered_as_the_page_is(admin):
    synced(items()[0])
    failed(items()[1])

    lines = table(admin.get(f"{LOG}/entries.csv?shown=failed"))

    assert [line["Action item"] for line in lines] == [items()[1].title]


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-rf", "'-rf"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        (" =1", "' =1"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠SUM(A1)", "'＠SUM(A1)"),
        # Where a list is separated by semicolons or tabs, or lines are not quoted.
        ("Agree;=1+1", "Agree;'=1+1"),
        ('Agree; "=1+1', "Agree;' \"=1+1"),
        ("Agree\t@SUM(A1)", "Agree\t'@SUM(A1)"),
        ("Agree\n+1", "Agree\n'+1"),
        ("a = b; c - d", "a = b; c - d"),
        ("user@acme.test;x", "user@acme.test;x"),
    ],
)
def test_nothing_in_it_is_run_as_a_formula(admin, title, written):
    items()[0].title = title
    synced(items()[0])

    answer = admin.get(f"{LOG}/entries.csv")

    assert table(answer)[0]["Action item"] == written


def test_quotes_commas_and_lines_stay_in_their_cell(admin):
    items()[0].title = 'A "quoted", two-\nlined title'
    synced(items()[0])

    assert table(admin.get(f"{LOG}/entries.csv"))[0]["Action item"] == items()[0].title


def test_a_log_longer_than_one_batch_is_whole(admin, monkeypatch):
    monkeypatch.setattr(csv_export, "BATCH", 7)
    row, now = link(items()[0]), utcnow()
    made = [entry(row, at=now - timedelta(minutes=back)) for back in range(30)]
    times = [f"{each.updated_at:%Y-%m-%d %H:%M:%S}" for each in made]

    lines = table(admin.get(f"{LOG}/entries.csv"))

    assert [line["Last try (UTC)"] for line in lines] == times


def test_an_empty_log_is_its_headings(admin):
    assert table(admin.get(f"{LOG}/entries.csv")) == []
