"""E-mails: what is told to whom, kept until it has gone.

In the order of a letter: trouble_notices, blocked_notices and suspension_notices, which owe it
(`owed/mails.py`) and know what there is to tell, as content for admin_letters; link_letters and
email_change_letters, which carry a one-time link; calendar_letters, the digest and the reminders,
which a link turns off (unsubscribing); departure_letters, ownership_letters and sign_in_letters, to
people by themselves; moments, in which they write times; preferences, by which people decline
some; kinds, letters, sending, smtp, outbox.
"""
