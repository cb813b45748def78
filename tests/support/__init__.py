"""What several folders of tests share, by concern; `conftest.py` lists which have fixtures."""
