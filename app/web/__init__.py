"""HTTP in, HTML out: a module a resource. The only readers of the request."""

import pkgutil
from importlib import import_module

from flask import Blueprint, Flask

from app.web import (
    access,
    assets,
    compression,
    doorway,
    drawn_panels,
    drawn_rows,
    errors,
    findings,
    formatting,
    identity_provider,
    listings,
    metrics,
    origins,
    pace,
    parameters,
    patience,
    polls,
    proofs,
    row_addresses,
    security,
    shell,
    silent_database,
    unsaved,
    words,
)


def register(app: Flask) -> None:
    """Bind every guard, blueprint and error page to the app.

    A resource is a module of this package with a blueprint called `bp`.
    """
    doorway.init_app(app)
    metrics.init_app(app)
    pace.init_app(app)
    compression.init_app(app)  # first, so that it sees each answer last
    patience.init_app(app)
    silent_database.init_app(app)
    parameters.init_app(app)
    security.init_app(app)
    origins.init_app(app)
    access.init_app(app)
    assets.init_app(app)
    errors.init_app(app)
    proofs.init_app(app)
    formatting.init_app(app)
    drawn_panels.init_app(app)
    drawn_rows.init_app(app)
    row_addresses.init_app(app)
    listings.init_app(app)
    findings.init_app(app)
    polls.init_app(app)
    words.init_app(app)
    shell.init_app(app)
    identity_provider.init_app(app)
    unsaved.init_app(app)
    for module in pkgutil.iter_modules(__path__):
        blueprint = getattr(import_module(f"{__name__}.{module.name}"), "bp", None)
        if isinstance(blueprint, Blueprint):
            app.register_blueprint(blueprint)
