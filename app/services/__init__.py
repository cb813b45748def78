"""Use cases. A folder a subject, each importing only folders above it in this list, which a test
keeps (tests/test_conventions.py):

fields, work, owed, sign_in, organizations, grants, mapping, people, webhooks, outbound,
retrospectives, inbound, metadata, panel, sync_log, backfill, connection, settings, mail, schedule.
"""
