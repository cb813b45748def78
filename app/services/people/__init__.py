"""Which Jira account a member is.

In the order of a match: lookups, matches, late_matches, and unmatched_words (pure), which say why
there is none; members is the People page, with search (pure), member_words (pure), account_search
and substitute; awaited asks when a match decides what came back from Jira.
"""
