"""The operator's desk: what whoever runs an installation reads of it. Nothing works for Jira here.

settings (its own variables), log_lines (their format, and whose organization they tell of).
"""

from flask import Flask

from app.operations import log_lines, settings


def init_app(app: Flask) -> None:
    """Bind it to the app of any process: web server, worker, ticker and commands are alike here.

    Raises `ConfigurationError`.
    """
    for name, value in settings.from_environment().items():
        app.config.setdefault(name, value)
    log_lines.init_app(app)
