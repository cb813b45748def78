"""The parts of the table of pages leave none out."""

from tests.web.pages.looking import TEMPLATES, pages_of
from tests.web.pages.table import PARTS, Part

# What is drawn within pages, and what is sent.
NO_PAGES = {"macros", "mails"}


def test_each_folder_of_pages_is_of_one_part() -> None:
    every = Part([], frozenset(path.name for path in TEMPLATES.iterdir() if path.is_dir()))
    folders = {name.partition("/")[0] for name in pages_of(every)} - NO_PAGES

    assert sorted(folders) == sorted(each for part in PARTS for each in part.folders)
