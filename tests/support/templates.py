"""Templates compiled once per test process: every test builds an app of its own."""

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """Kept in memory, by a key that changes with the template."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = CompiledTemplates()


def share_compiled(app: Flask) -> None:
    """Let `app` use what earlier apps of this process compiled."""
    app.jinja_env.bytecode_cache = _COMPILED
