"""What comes back from Jira: deliveries, reconciliation, and what an issue means for its item.

In the order of a delivery: signatures, arrival_rate, receive, pending, due_reads, changes and merge
(pure), take_over, own_echoes, touches, apply; reconciliation looks for what no delivery named,
recent_looks more often among the latest, looking_back for what a retrospective opens with.
"""
