"""Service levels: what is promised of 28 days, and how much of it was kept (design.md §10.1).

promises (what is counted, and when it is kept: pure), answered (deliveries, counted as they are
answered), lapses (seconds between two columns), level_counts (what was counted, of an organization
and of the installation), level_words (how it reads on a page: pure).
"""
