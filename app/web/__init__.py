"""HTTP in, HTML out: a module a resource. The only readers of the request."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind every blueprint, guard and error page to the app."""
