"""Routes of choosing an issue for an action item, and of creating one in Jira by hand."""

from tests.support.access_rows import Route, leaders

ITEM = "/action-items/{item}"
ISSUE, FINISHING = f"{ITEM}/issue", f"{ITEM}/finishing"

# Nobody asks Jira here: without a key there is nothing to ask.
LINKING = [
    Route("existing_issues.new", ISSUE, leaders(200), free=leaders(409)),
    Route("existing_issues.create", ISSUE, leaders(422), {"query": ""}, free=leaders(409)),
    Route("finishings.show", FINISHING, leaders(200)),
    Route("finishings.create", FINISHING, leaders(303), {}, free=leaders(409)),
    Route("finishings.destroy", f"{FINISHING}/removal", leaders(303), {}),
    Route("finishings.suggestions", f"{FINISHING}/suggestions", leaders(200)),
    Route("undecided_fields.create", f"{ISSUE}/fields/replacement", leaders(409), {}),
    Route("undecided_fields.destroy", f"{ISSUE}/fields/removal", leaders(409), {}),
]
