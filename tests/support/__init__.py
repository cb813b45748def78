"""Fixtures by concern; `conftest.py` only lists them."""
