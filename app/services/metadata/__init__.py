"""What Jira tells of projects, issue types and create screens, kept in rows.

In the order of a refresh: owed, read, record.
"""
