"""Routes of what a team committed before: carried over, completed or dropped."""

from tests.support.access_rows import Route, leaders, team

SECTION = "/retrospectives/{retrospective}/last-time"
EARLIER = f"{SECTION}/{{item}}"

# The item is the retrospective's own, so it cannot be carried over to it.
LAST_TIME = [
    Route("last_time.show", SECTION, team(200)),
    Route("last_time.read", f"{SECTION}/reading", team(303), {}),
    Route("last_time.carry_over_all", f"{SECTION}/carry-overs", leaders(303), {}),
    Route("last_time.carry_over", f"{EARLIER}/carry-over", leaders(409), {}),
    Route("last_time.undo_carry_over", f"{EARLIER}/carry-over/removal", leaders(303), {}),
    Route("last_time.confirm_drop", f"{EARLIER}/drop", leaders(200)),
    Route("last_time.drop", f"{EARLIER}/drop", leaders(303), {"why": "Not now"}),
    Route("last_time.undo_drop", f"{EARLIER}/drop/removal", leaders(303), {}),
    Route("last_time.complete", f"{EARLIER}/completion", leaders(303), {}),
    Route("last_time.reopen", f"{EARLIER}/completion/removal", leaders(303), {}),
    Route("drops.destroy", "/action-items/{item}/drop/removal", leaders(303), {}),
]
