"""E-mails: what is told to whom, kept until it has gone.

In the order of a letter: trouble_notices and blocked_notices, admin_letters, admin_addresses,
outbox, smtp.
"""
