"""What people see of action items: the panel, its words, and the home page.

In the order of a page: panels, carried, holds and circumstances (pure), item_states, shown_issues,
owed_words (pure), item_messages, two_texts, advice, advice_words, causes and cause_words (pure),
row_offers (pure), item_syncs for what somebody asks of one issue, sync_several for all that fails
for one cause, head, all_in_jira (pure), polling; list_words (pure) for the lists of items;
before Commit last_time with last_time_words (pure), and previews with preview_words and
preview_sections (pure) and preview_values; home, with home_jira (pure) and recent_retrospectives,
for an organization, first_steps and first_step_words (pure) for a new one; retrospective_changes: a
retrospective's title, and its deletion.
"""
