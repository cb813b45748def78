"""What is asked at each commit: always the same of one, and something else of another."""

from tests.simulation import at_each_commit, engine, ledger

ONE, OTHER = "0123456789ab", "ba9876543210+"


def test_a_commit_chooses_its_seeds_far_above_the_ledgers() -> None:
    assert at_each_commit.asked(ONE) == at_each_commit.asked(ONE)
    assert at_each_commit.first_seed(ONE) != at_each_commit.first_seed(OTHER)
    assert min(map(at_each_commit.first_seed, (ONE, OTHER))) >= ledger.CHOSEN_FREELY


def test_it_is_a_section_where_everything_is_asked_for() -> None:
    sections = (engine.ROOT / "tests/sections.py").read_text()

    assert f'"{at_each_commit.__name__}"' in sections
