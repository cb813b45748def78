"""The web process's entry point."""

from app import create_app

app = create_app()
