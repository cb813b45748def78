"""What the project keeps of Atlassian's description files, and where the files themselves may be.

The files are not part of the project; their structure is (`extract_structure`).
"""

import json
import os
from pathlib import Path

from tests.contract.extract_structure import SOURCES, STRUCTURE, Json

BESIDE_THE_PROJECT = Path(__file__).resolve().parents[2].parent / "shared" / "jira"


def structure(name: str) -> Json:
    """A file of `structure/`."""
    document: Json = json.loads((STRUCTURE / name).read_text(encoding="utf-8"))
    return document


def official_folder() -> Path | None:
    """The folder that holds all of Atlassian's own files, if this machine has one."""
    folder = Path(os.environ.get("JIRA_CONTRACT_DIR") or BESIDE_THE_PROJECT)
    files = [folder / file for source in SOURCES.values() for file in source.files]
    return folder if all(file.is_file() for file in files) else None
