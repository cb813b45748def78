"""An organization's grant to use a Jira site: its row, its tokens, its client, its pauses.

In the order of a request: asking (for whom people may ask), pauses, tokens (key_rotation
re-encrypts them, key_canary tells whether the keys are this database's), clients, and verdicts,
when Atlassian turned a token down. troubles (pure) words what is wrong, stopping writes it down,
site_names follows a renamed site; installation is
the row for all connections.
"""
