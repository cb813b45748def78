"""The sync log, read: what was sent, what came back, and what failed.

In the order of a page: views, pages with narrowing and days (pure),
rows with tries, returns and transition_lines, chart, csv_export; retry.
"""
