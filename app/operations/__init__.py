"""The operator's desk: what whoever runs an installation reads of it. Nothing works for Jira here.

log_lines (their format, and whose organization they tell of), metrics (what Prometheus reads),
levels (what is promised of 28 days, and how much of it was kept), doctor (what is wrong, and the
remedy), explaining (one link), commands (that ask these two), hold_commands (`flask jira hold`,
`flask jira release`), member_commands (`flask members`), key_commands (`flask keys`),
personal_data_commands (`flask users export`, `flask users delete`), tracing (whether traces go
anywhere) and spans (what is traced).
"""

from flask import Flask

from app.operations import (
    commands,
    hold_commands,
    key_commands,
    log_lines,
    member_commands,
    metrics,
    personal_data_commands,
    tracing,
)


def init_app(app: Flask) -> None:
    """Bind it to the app of any process: web server, worker, ticker and commands are alike here."""
    log_lines.init_app(app)
    commands.init_app(app)
    hold_commands.init_app()
    member_commands.init_app(app)
    personal_data_commands.init_app(app)
    key_commands.init_app(app)
    tracing.init_app(app)
    if app.config["METRICS_TOKEN"]:
        metrics.init_app(app)
