"""The webhook that a connection should have in Jira, and making it so (design.md §2).

In the order of the upkeep: desired, owed, upkeep_lease, plan (pure), calls, record; teardown when
the connection ends. Whether it arrives: webhook_tests, health_facts, and pure health, health_words,
arrival_advice.
Everything that happens only makes upkeep due; `jobs/keep_webhook.py` compares what is desired with
what Jira lists and takes the steps between the two. So every step may run twice.
"""
