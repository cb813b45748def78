"""OpenTelemetry, if OTEL_EXPORTER_OTLP_ENDPOINT says where traces go. Off, nothing of it is loaded.

What is traced is in `spans`, which needs requirements-tracing.txt.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from flask import Flask, current_app

from config import ConfigurationError

if TYPE_CHECKING:
    from app.operations.spans import Traces

EXTENSION = "traces"


def init_app(app: Flask) -> None:
    """Trace what `app` does, if that is asked for. Raises `ConfigurationError`."""
    endpoint = app.config["OTEL_EXPORTER_OTLP_ENDPOINT"]
    if not endpoint:
        return
    try:
        from app.operations import spans
    except ImportError:
        raise ConfigurationError(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but what sends traces is not installed:"
            " pip install --require-hashes -r requirements-tracing.txt"
        ) from None
    app.extensions[EXTENSION] = spans.Traces(app, spans.exporter_to(endpoint))


def of_job(name: str, arguments: tuple[object, ...]) -> AbstractContextManager[object]:
    """What a job with one row's id is done in."""
    traces: Traces | None = current_app.extensions.get(EXTENSION)
    [row_id] = arguments if len(arguments) == 1 else [None]
    if traces is None or not isinstance(row_id, int):
        return nullcontext()
    return traces.job(name, row_id)
