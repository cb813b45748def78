"""Use cases. A folder a subject, each importing only folders above it in this list, which a test
keeps (tests/test_conventions.py):

fields, field_values, points, work, owed, sign_in, organizations, grants, mapping, people,
webhooks, outbound, restoring, retrospectives, linking, departures, inbound, metadata, panel,
sync_log, activity, follow_through, backfill, connection, settings, history, reminders, mail,
schedule.
"""
