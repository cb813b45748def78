"""The tests that read Atlassian's own description files: collected only where these are at hand.

Not skipped, which would be a gap that a machine could close: the structure that the project keeps
of the files is tested everywhere.
"""

import os
from pathlib import Path

from tests.support.structure import SOURCES

BESIDE_THE_PROJECT = Path(__file__).resolve().parents[2].parent / "shared" / "jira"
READS_THEM = "test_official_files.py"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    left_out = collection_path.name == READS_THEM and official_folder() is None
    return True if left_out else None


def pytest_report_header() -> str:
    found = official_folder() or "none here, so not compared (JIRA_CONTRACT_DIR names a folder)"
    return f"Atlassian's own files: {found}"


def official_folder() -> Path | None:
    """The folder that holds all of Atlassian's own files, if this machine has one."""
    folder = Path(os.environ.get("JIRA_CONTRACT_DIR") or BESIDE_THE_PROJECT)
    files = [folder / file for source in SOURCES.values() for file in source.files]
    return folder if all(file.is_file() for file in files) else None
