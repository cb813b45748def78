"""Closing the difference between what Jira should hold and what it holds (design.md §2 to §4).

In the order of a drain: links, claims, probe, assignee, snapshots, compare, plan (pure), fence,
send, lesser and outcomes (pure), recording, record with remembered, seen_statuses, entries and
connection_state; both_changed, where a person decides; found_again, after a check; second_looks and
duplicates afterwards. `app/drain` runs them and commits between them.
"""
