"""Dynamic webhooks.

To be read in this order: `registrations`, and `deliveries` of what they match.
"""
