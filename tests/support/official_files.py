"""The tests that read Atlassian's own description files: collected only where these are at hand.

Not skipped, which would be a gap that a machine could close: the structure that the project keeps
of the files is tested everywhere.
"""

from pathlib import Path

from tests.contract.files import official_folder

READS_THEM = "test_official_files.py"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    left_out = collection_path.name == READS_THEM and official_folder() is None
    return True if left_out else None


def pytest_report_header() -> str:
    found = official_folder() or "none here, so not compared (JIRA_CONTRACT_DIR names a folder)"
    return f"Atlassian's own files: {found}"
