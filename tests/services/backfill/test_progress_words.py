"""What the pages say of a backfill, running and ended."""

from datetime import UTC, datetime

import pytest

from app.models import Backfill, BackfillState, StopReason, User
from app.services.backfill.progress import Progress
from app.services.backfill.progress_words import Part, part_of, words_of
from app.services.labels import Chip

LATER = datetime(2026, 11, 24, 12, 15, tzinfo=UTC)


def progress(
    state: BackfillState = BackfillState.RUNNING,
    total: int = 10,
    done: int = 0,
    failed: int = 0,
    ahead: int = 0,
    without_project: tuple[str, ...] = (),
    **run,
) -> Progress:
    row = Backfill(state=state, total=total, **run)
    return Progress(row, ["Platform"], done, failed, 0, ahead, without_project)


@pytest.mark.parametrize(
    ("running", "holds_grant", "to_choose", "part"),
    [
        (True, True, True, Part.RUNNING),
        (True, False, False, Part.RUNNING),
        (False, False, True, Part.DISCONNECTED),
        (False, True, True, Part.CHOICE),
        (False, True, False, Part.NOTHING_LEFT),
    ],
)
def test_the_page_shows_one_part(running, holds_grant, to_choose, part):
    assert part_of(running=running, holds_grant=holds_grant, to_choose=to_choose) is part


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"ahead": 10}, "0 of 10 are in Jira, 10 to go"),
        ({"done": 1, "ahead": 9}, "1 of 10 is in Jira, 9 to go"),
        ({"done": 7, "failed": 2, "ahead": 1}, "7 of 10 are in Jira, 2 failed, 1 to go"),
        ({"done": 10}, "10 of 10 are in Jira"),
    ],
)
def test_the_figures_leave_out_what_is_nothing(counts, words):
    assert words_of(progress(**counts)).figures == words


@pytest.mark.parametrize(
    ("state", "paused_until", "in_trouble", "chip"),
    [
        (BackfillState.RUNNING, None, False, Chip("syncing", "refresh", "Syncing…", spin=True)),
        (BackfillState.RUNNING, None, True, Chip("waiting", "clock", "Waiting for Jira")),
        (
            BackfillState.RUNNING,
            LATER,
            False,
            Chip("paused", "player-pause", "Waiting until", at=LATER),
        ),
        (BackfillState.FINISHED, None, True, Chip("synced", "circle-check", "Finished")),
        (BackfillState.STOPPED, LATER, False, Chip("idle", "ban", "Stopped")),
    ],
)
def test_the_chip_says_why_it_does_not_go_on(state, paused_until, in_trouble, chip):
    assert words_of(progress(state), paused_until, in_trouble=in_trouble).chip == chip


@pytest.mark.parametrize(
    ("state", "done", "words"),
    [
        (BackfillState.RUNNING, 10, ""),
        (
            BackfillState.RUNNING,
            9,
            "1 was left out: synced by hand, completed or deleted since it began.",
        ),
        (
            BackfillState.FINISHED,
            8,
            "2 were left out: synced by hand, completed or deleted meanwhile.",
        ),
        (BackfillState.STOPPED, 8, "2 were not sent."),
    ],
)
def test_what_was_promised_and_not_done_is_explained(state, done, words):
    assert words_of(progress(state, done=done)).left_out == words


@pytest.mark.parametrize(
    ("teams", "begins"),
    [
        ((), ""),
        (("Mobile",), "Mobile has no project any more. Their action items wait"),
        (("Mobile", "Platform"), "Mobile, Platform have no project any more."),
    ],
)
def test_teams_that_lost_their_project_wait(teams, begins):
    waits = words_of(progress(without_project=teams)).waits

    assert waits.startswith(begins)
    assert bool(waits) is bool(teams)


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ({"state": BackfillState.FINISHED}, ""),
        (
            {"state": BackfillState.STOPPED, "stop_reason": StopReason.DISCONNECTED},
            "Stopped when Jira was disconnected",
        ),
        (
            {"state": BackfillState.STOPPED, "stop_reason": StopReason.OTHER_SITE},
            "Stopped when another Jira site was connected",
        ),
        (
            {"state": BackfillState.STOPPED, "stop_reason": StopReason.PERSON},
            "Stopped by somebody who has left",
        ),
        (
            {
                "state": BackfillState.STOPPED,
                "stop_reason": StopReason.PERSON,
                "stopped_by": User(name="Ada Byron"),
            },
            "Stopped by Ada Byron",
        ),
    ],
)
def test_one_that_was_stopped_says_why(run, words):
    assert words_of(progress(**run)).ended == words


def test_who_began_it_is_named_as_long_as_they_are_here():
    here = words_of(progress(started_by=User(name="Ada Byron")))

    assert here.begun == "started by Ada Byron"
    assert words_of(progress()).begun == "started by somebody who has left"
