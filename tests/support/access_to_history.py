"""Of the access table: the history, and undoing what stands in it."""

from tests.support.access_rows import Route, administrators

_HISTORY = "/organizations/acme/settings/history"
_CHANGE = f"{_HISTORY}/{{change}}/0/undoing"
HISTORY = [
    Route("history.index", _HISTORY, administrators(200)),
    Route("history.download", f"{_HISTORY}/changes.csv", administrators(200)),
    Route("undoings.new", _CHANGE, administrators(200)),
    Route("undoings.show", f"{_CHANGE}/check", administrators(200)),
    # Of the fixture: what the change made it is what is saved, and there was nothing before.
    Route("undoings.create", _CHANGE, administrators(422), {}, free=administrators(409)),
]
