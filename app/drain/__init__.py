"""One drain of a connection: the effects, in order, around the services' decisions.

`jobs/sync_connection.py` takes the drain_lease and has rounds run the parts in turn: claiming
gathers what is known and claims; unknown_creates are settled; planning asks Jira for what is not
known and decides (owners, field_values, looking at the issues, edit_screens); pushing sends (where
Jira refuses, once_more with less, or failures with refused_places); then marking, transitions and
late_sprints; adopting, on hold; reading_back and second_looks.
spending takes points for what leaves. without_token, when Atlassian gives none. current is what
the drain has learned; rehearsing asks once, before a worker forks, what every drain asks.
"""
