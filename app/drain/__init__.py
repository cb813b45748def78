"""One drain of a connection: the effects, in order, around the services' decisions.

rounds runs the parts in turn: unknown_creates first, then owners, planning and pushing (failures
where Jira refuses), reading_back, and second_looks; without_token when Atlassian gives none.
`jobs/sync_connection.py` starts it.
"""
