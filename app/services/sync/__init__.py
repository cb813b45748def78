"""Closing the difference between what Jira should hold and what it holds (design.md §2 to §4).

In the order of a drain: leases, due, claims, probing, screens and people, planning, pushing,
deciding, recording. `jobs/sync_connection.py` runs them and commits between them.
"""
