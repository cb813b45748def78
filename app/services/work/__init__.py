"""A connection's work beside people's requests: whose turn it is, and what may be done now.

In the order of a job: lengths (of leases), owed (what is due, and whether it may begin), leases
(one at a time), due_links (what a drain has to push), trouble (it went wrong as nobody expected).
"""
