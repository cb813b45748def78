"""Filters for what services word: a chip, a banner."""

from flask import Flask

from app.services.connection import card_words


def init_app(app: Flask) -> None:
    app.jinja_env.filters["card_banner"] = card_words.banner_of
    app.jinja_env.filters["card_chip"] = card_words.chip_of
