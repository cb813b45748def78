"""Somebody with a browser: signed in, cookies kept, forms sent with their token."""

import re
from html import unescape

import requests

from bench.founding import PASSWORD

PATIENCE = 30  # seconds


class Browser:
    """A person's browser at an installation."""

    def __init__(self, port: int, email: str) -> None:
        self.url = f"http://localhost:{port}"
        self.session = requests.Session()
        self._token = ""
        self.get("/sign-in")
        self.post("/sign-in", email=email, password=PASSWORD)

    def get(self, path: str) -> requests.Response:
        """A page, whose token the next form sends. Raises for an error."""
        answer = self.session.get(self.url + path, timeout=PATIENCE)
        answer.raise_for_status()
        found = re.search(r'name="csrf_token"[^>]* value="([^"]*)"', answer.text)
        self._token = unescape(found[1]) if found else self._token
        return answer

    def post(self, path: str, **fields: str) -> requests.Response:
        """What a button sends; the redirect after it is not followed. Raises for an error."""
        form = {**fields, "csrf_token": self._token}
        answer = self.session.post(self.url + path, form, timeout=PATIENCE, allow_redirects=False)
        answer.raise_for_status()
        return answer
