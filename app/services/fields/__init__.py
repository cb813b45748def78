"""The fields of an issue that an action item fills, as one table (design.md §2.4).

In the order of reading: synced_field is the shape of a row, table has the rows, sources reads an
action item for them, values renders them for its issue, switches says which of them an organization
takes over from Jira.
"""
