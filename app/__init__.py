"""The application factory."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined

import config
from app import commands, models, operations, queue, spent, web
from app import logging as app_logging
from app.extensions import csrf, db, limiter, login_manager, migrate
from app.web.jinja import OneGlobals

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """Build the app from `settings`, or from the environment when none are given."""
    app = Flask(
        __name__,
        static_folder=str(ROOT / "static"),
        template_folder=str(ROOT / "templates"),
        instance_path=str(ROOT / "instance"),
    )
    app.config.from_mapping(config.from_environment() if settings is None else settings)
    app.config.setdefault("RATELIMIT_STORAGE_URI", _limiter_storage(app.config["REDIS_URL"]))
    app.jinja_environment = OneGlobals
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app_logging.configure(app)
    queue.init_app(app)
    operations.init_app(app)
    spent.init_app(app)
    _bind_extensions(app)
    web.register(app)
    commands.init_app(app)
    return app


def _bind_extensions(app: Flask) -> None:
    assert models.User is not None  # every table is known before the database is bound
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    csrf.init_app(app)
    login_manager.init_app(app)
    limiter.init_app(app)


def _limiter_storage(redis_url: str) -> str:
    """The rate limiter spells a socket's address in its own way."""
    if redis_url.startswith("unix://"):
        return "redis+" + redis_url
    return redis_url
