"""Filters for what services word: chips, sentences, banners."""

from flask import Flask

from app.services.backfill import progress_words
from app.services.backfill.progress import Progress
from app.services.backfill.progress_words import ProgressWords
from app.services.connection import card_words
from app.services.connection.cards import Card, CardState
from app.services.mapping import check_words
from app.services.panel import advice_words, cause_words, list_words
from app.services.panel.advice_words import AdviceWords
from app.services.panel.causes import Group
from app.services.panel.panels import Row
from app.services.people import member_words
from app.services.retrospectives import due_words, phase_moves


def init_app(app: Flask) -> None:
    app.jinja_env.filters |= {
        "backfill_words": backfill_words,
        "card_banner": card_words.banner_of,
        "card_chip": card_words.chip_of,
        "cause_count": cause_words.count_words,
        "check_words": check_words.words_of,
        "due_day": due_words.day_of,
        "due_words": due_words.words_of,
        "group_advice": group_advice,
        "in_jira": list_words.in_jira,
        "log_advice": advice_words.in_log,
        "log_banner": card_words.log_banner_of,
        "member_words": member_words.words_of,
        "open_of_group": cause_words.open_of,
        "phase_moves": phase_moves.moves_of,
        "row_advice": row_advice,
    }


def backfill_words(progress: Progress, card: Card | None = None) -> ProgressWords:
    """With the connection's card for one that is running: what it waits for."""
    if card is None:
        return progress_words.words_of(progress)
    held = {CardState.ON_HOLD, CardState.SUSPENDED}
    waits = card.in_trouble or card.state in held
    paused_until = card.paused_until if card.state is CardState.PAUSED else None
    return progress_words.words_of(progress, paused_until, in_trouble=waits)


def row_advice(row: Row, administers: bool) -> AdviceWords | None:
    return advice_words.of_row(row, administers=administers)


def group_advice(group: Group[Row], administers: bool) -> AdviceWords:
    return advice_words.of_group(group, administers=administers)
