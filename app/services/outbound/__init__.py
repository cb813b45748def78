"""Closing the difference between what Jira should hold and what it holds (design.md §2 to §4).

In the order of a drain: links with wanted, claims, probe, assignee, snapshots, compare,
value_notes, plan, batches (pure), fence with stamped_notes, send, lesser and outcomes (pure),
recording, record with remembered, seen_statuses, entries and connection_state. For the status that
an issue owes: owed_statuses, due_transitions, transition_choice (pure), transition_records and
transition_log; for a sprint that comes later, owed_sprints.
dropped, for what nobody wants any more; both_changed, where a person decides; found_again, after a
check; second_looks and duplicates afterwards. `app/drain` runs them and commits between them.
"""
