"""What every job runs in: the app and its log ids."""

import logging
from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from flask import Flask, has_app_context
from flask.globals import app_ctx
from rq import get_current_job
from sqlalchemy.exc import SQLAlchemyError

from app import create_app, spent
from app.extensions import db
from app.logging import bound
from app.models import WorkKind
from app.operations import tracing
from app.operations.metrics import jira_requests
from app.services.work import trouble

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

# What waits when a job ends with an error that nobody expected. The other jobs claim what they do
# before they begin, so that it is not theirs again for a while.
WORK = {
    "jobs.sync_connection": WorkKind.DRAIN,
    "jobs.refresh_metadata": WorkKind.METADATA,
}

log = logging.getLogger(__name__)


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
        names = bound(job=current.id if current else None, run=run.__module__)
        with app.app_context(), names, tracing.of_job(run.__module__, arguments):
            try:
                return run(*arguments, **named)
            except Exception:
                db.session.rollback()
                _put_off(run.__module__, arguments)
                raise
            finally:
                spent.count()
                jira_requests.write()
                db.session.remove()

    return job


def _put_off(module: str, arguments: tuple[object, ...]) -> None:
    """The error itself is what matters: trouble with writing the wait down is only logged."""
    if module not in WORK:
        return
    [connection_id] = arguments
    assert isinstance(connection_id, int)
    try:
        trouble.put_off(connection_id, WORK[module])
        db.session.commit()
    except SQLAlchemyError:
        log.exception("not put off", extra={"connection_id": connection_id})
