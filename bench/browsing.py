"""Somebody with a browser: signed in, cookies kept, forms sent with their token."""

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import urlencode

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

    def bytes_of(self, path: str, fields: Mapping[str, str]) -> bytes:
        """The same as a script of the page sends it, only to be written to a socket."""
        body = urlencode({**fields, "csrf_token": self._token}).encode()
        cookies = "; ".join(f"{each.name}={each.value}" for each in self.session.cookies)
        lines = [
            f"POST {path} HTTP/1.1",
            f"Host: {self.url.removeprefix('http://')}",
            f"Origin: {self.url}",
            f"Cookie: {cookies}",
            "HX-Request: true",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
