"""The sync log, read: what was sent, what came back, and what failed.

In the order of a page: views, pages, rows with tries and returns, chart, csv_export; retry.
"""
