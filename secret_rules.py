"""Which secrets are none: short, guessable, known from an example, or used twice."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cryptography.fernet import Fernet

LEAST_LENGTH = 32  # characters, as `secrets.token_urlsafe(24)` gives
LEAST_VARIETY = 8  # different characters, or bytes of a key
# What stands for a secret in instructions, here and elsewhere; compared without case.
EXAMPLES = (
    *("change-me", "changeme", "change_me", "change this", "example", "secret key", "insecure"),
    *("replace", "your-", "your_", "password", "0123456789", "abcdefgh"),
)


def broken(settings: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each secret of `settings` that protects nobody. None tells the secret."""
    keys: Sequence[str] = settings["TOKEN_ENCRYPTION_KEYS"]
    ours = {"SECRET_KEY": [settings["SECRET_KEY"]],
               "SECRET_KEY_FALLBACKS": settings["SECRET_KEY_FALLBACKS"],
               "METRICS_TOKEN": [settings["METRICS_TOKEN"]]}  # fmt: skip
    for name, secrets in ours.items():
        for secret in filter(None, secrets):
            yield from _weak(name, secret)
    if any(_guessable_key(key) for key in keys):
        yield (
            "TOKEN_ENCRYPTION_KEYS holds a key that anybody can guess, such as one of zeros. "
            "`python -m app.commands generate` prints a new one."
        )
    used = {**ours, "TOKEN_ENCRYPTION_KEYS": keys,
            "JIRA_CLIENT_SECRET": settings["JIRA_CLIENT_SECRETS"]}  # fmt: skip
    yield from _used_twice(used)


def unreadable_keys(keys: Sequence[str]) -> Iterator[str]:
    """A sentence if one of `keys` is no Fernet key."""
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            yield (
                "TOKEN_ENCRYPTION_KEYS holds something that is not a Fernet key. "
                "`python -m app.commands generate` prints a new one."
            )


def _weak(name: str, secret: str) -> Iterator[str]:
    made = "docs/operations.md says how to make one."
    if len(secret) < LEAST_LENGTH:
        yield f"{name} is shorter than {LEAST_LENGTH} characters: it can be guessed. {made}"
    elif any(example in secret.lower() for example in EXAMPLES):
        yield f"{name} is an example from instructions, which everybody knows. {made}"
    elif _repeats(secret):
        yield f"{name} repeats the same few characters: it can be guessed. {made}"


def _guessable_key(key: str) -> bool:
    try:
        return _repeats(base64.urlsafe_b64decode(key))
    except ValueError:
        return False  # said by `unreadable_keys`


def _repeats(secret: str | bytes) -> bool:
    """Whether few characters or one short piece make up the whole."""
    if len(set(secret)) < LEAST_VARIETY:
        return True
    half = len(secret) // 2
    return any(secret[length:] == secret[:-length] for length in range(1, half + 1))


def _used_twice(secrets: Mapping[str, Sequence[str]]) -> Iterator[str]:
    first: dict[str, str] = {}
    for name, values in secrets.items():
        for value in filter(None, values):
            earlier = first.setdefault(value, name)
            if earlier != name:
                yield f"{earlier} and {name} hold the same secret: whoever learns one has both."
