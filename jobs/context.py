"""What every job runs in: the app and its log ids."""

from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from flask import Flask, has_app_context
from flask.globals import app_ctx
from rq import get_current_job

from app import create_app
from app.extensions import db
from app.logging import bound

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@cache
def application() -> Flask:
    """The process's app, built once; a worker builds it before it forks (20 times faster)."""
    return create_app()


def in_app(run: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Run a job in an app context of its own; its session is removed afterwards."""

    @wraps(run)
    def job(*arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        current = get_current_job()
        # Tests call a job within the app they built; a worker has no context of its own.
        app = app_ctx.app if has_app_context() else application()
        with app.app_context(), bound(job=current.id if current else None, run=run.__module__):
            try:
                return run(*arguments, **named)
            finally:
                db.session.remove()

    return job
