"""What holds for the documents: what is cited and linked is there (style.md §5)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs"
FOLDERS = (
    "app",
    "bench",
    "demo",
    "deploy",
    "docs",
    "jobs",
    "migrations",
    "static",
    "templates",
    "tests",
    ".ci",
)
WRITTEN = {".css", ".html", ".in", ".js", ".md", ".py", ".toml", ".txt", ".yaml", ".yml", ""}
# Fetched or generated; and the examples below, some of which lead nowhere on purpose.
LEFT_OUT = (
    "static/vendor/",
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-bench.txt",
    "requirements-metrics.txt",
    "tests/test_documents.py",
)

# "design.md §3.4", "[design.md](design.md), §1 and §2", "jira-platform.md §2.1-2.3, §2.6"
NUMBER = r"\d+(?:\.\d+)*"
CITATION = re.compile(
    rf"([\w-]+)\.md(?:\]\([^)]*\))?,? (§{NUMBER}(?:(?:,| and|, and| to) §{NUMBER}|-{NUMBER})*)"
)
OTHERS = re.compile(rf"RFC \d+ §{NUMBER}")
HEADING = re.compile(rf"^#{{2,4}} ({NUMBER})\.? ", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
# A citation may be broken over two lines of a comment.
BREAK = re.compile(r"\s*\n\s*(?:(?:#|//|\*)\s)?\s*")

# What the pages were written from is not part of the project. One script reads files beside it.
FORMER = re.compile(r"\b(?:DESIGN|PLATFORM|STACK|FIELDS|NEXT) §|\bSTYLE [A-E]\d?\b|\.\./shared\b")
READS_BESIDE = "tests/contract/"


def written_files() -> list[Path]:
    """Every text of ours, without what a run leaves behind."""
    inside = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    found = [*ROOT.glob("*"), *inside]
    return sorted(
        path
        for path in found
        if path.is_file()
        and path.suffix in WRITTEN
        and not name_of(path).startswith(LEFT_OUT)
        and "__pycache__" not in path.parts
    )


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def documents() -> list[Path]:
    return [path for path in written_files() if path.suffix == ".md"]


def sections_of(page: str) -> set[str]:
    """The numbers of a page's headings; none if there is no such page."""
    path = PAGES / f"{page}.md"
    return set(HEADING.findall(path.read_text())) if path.exists() else set()


def citations_in(text: str) -> Iterator[tuple[str, str]]:
    """The cited pages and sections, such as ("design", "3.4")."""
    for page, sections in CITATION.findall(BREAK.sub(" ", text)):
        for number in re.findall(NUMBER, sections):
            yield page, number


def sections_without_a_page(text: str) -> list[str]:
    text = OTHERS.sub("", CITATION.sub("", BREAK.sub(" ", text)))
    return re.findall(rf"§ ?({NUMBER})", text)


def anchors_of(document: Path) -> set[str]:
    """The anchors of a document's headings, as repository hosts make them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_somewhere(document: Path, address: str) -> bool:
    path, _, anchor = address.partition("#")
    target = (document.parent / path).resolve() if path else document
    return target.exists() and (not anchor or anchor in anchors_of(target))


def test_every_cited_section_is_a_heading_of_its_page() -> None:
    wrong = {
        f"{name_of(path)}: {page}.md §{number}"
        for path in written_files()
        for page, number in citations_in(path.read_text())
        if number not in sections_of(page)
    }

    assert sorted(wrong) == []


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=name_of)
def test_a_number_stands_over_one_section_of_a_page(page: Path) -> None:
    numbers = HEADING.findall(page.read_text())

    assert sorted(numbers) == sorted(set(numbers))


def test_a_section_without_a_page_is_one_of_the_page_that_names_it() -> None:
    wrong = {
        f"{name_of(path)}: §{number}"
        for path in written_files()
        for number in sections_without_a_page(path.read_text())
        if path.parent != PAGES or number not in sections_of(path.stem)
    }

    assert sorted(wrong) == []


@pytest.mark.parametrize(
    "words",
    [
        "as design.md §2 says",
        "see design.md §1.4, §2 and §9.9",
        "(design.md §1, jira-platform.md\n    # §2)",
        "[design.md](design.md#2), §1 and §2",
        "design.md §2.1-2.3",
    ],
)
def test_a_citation_is_read_whole(words: str) -> None:
    assert [number for _, number in citations_in(words)] == re.findall(
        NUMBER, words.replace("#2)", "")
    )
    assert sections_without_a_page(words) == []


@pytest.mark.parametrize("document", documents(), ids=name_of)
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    addresses = [
        address
        for address in LINK.findall(document.read_text())
        if not address.startswith(("http://", "https://", "mailto:"))
    ]

    assert [each for each in addresses if not leads_somewhere(document, each)] == []


def test_the_index_names_every_page() -> None:
    index = (PAGES / "README.md").read_text()
    pages = {str(path.relative_to(PAGES)) for path in PAGES.rglob("*.md")} - {"README.md"}

    assert pages - set(LINK.findall(re.sub(r"#[\w-]+", "", index))) == set()


def test_nothing_points_at_what_the_pages_were_written_from() -> None:
    found = [
        f"{name_of(path)}: {match.group()}"
        for path in written_files()
        if not name_of(path).startswith(READS_BESIDE)
        for match in FORMER.finditer(path.read_text())
    ]

    assert found == []
