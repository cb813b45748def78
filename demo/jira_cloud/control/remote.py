"""The control interface of a stand-in in another process."""

from typing import Any

import requests


class RemoteControl:
    """Has every verb of `Control`, carried out over HTTP at the stand-in's URL."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()

    def __getattr__(self, verb: str) -> Any:
        """The verb as a function. It raises ValueError with the stand-in's sentence."""
        if verb.startswith("_"):
            raise AttributeError(verb)

        def act(*positional: Any, **arguments: Any) -> Any:
            body = {"arguments": list(positional), **arguments}
            answer = self._session.post(f"{self._url}/_control/{verb}", json=body, timeout=30)
            content = answer.json()
            if "error" in content:
                raise ValueError(content["error"])
            return content["result"]

        return act
