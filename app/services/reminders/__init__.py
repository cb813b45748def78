"""The weekly digest and the daily reminder: when somebody is owed one, and what it tells.

In the order of a week: digest_times, when an organization wants it; turns decides, purely, what has
come due by somebody's own clock; rounds owes it; open_items finds what there is to tell;
item_lines, team_lines, digest_words and reminder_words say it.
"""
