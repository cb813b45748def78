"""What happened to an action item, here and in Jira, in order.

timeline gathers it from the rows that tell of it; item_words and log_words (pure) say what each
means, as activity_lines.
"""
