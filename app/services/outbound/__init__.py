"""Closing the difference between what Jira should hold and what it holds (design.md §2 to §4).

In the order of a drain: links, claims, probe, assignee and plan (pure), fence, send, outcomes
(pure), record with entries and connection_state; second_looks and duplicates afterwards.
`app/drain` runs them and commits between them.
"""
