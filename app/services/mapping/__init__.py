"""Where a team's action items go, and whether they can.

In the order of a choice: mappings, screens (what can be filled in there), sent_values with
item_facts and active_sprints (what else is sent), checks with wording and check_words (pure),
evidence (what creates tell), nightly, blocked.
"""
