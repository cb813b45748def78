"""What Jira says: its sentences, and its ways of saying no.

To be read in this order: `texts`, `refusals`.
"""
