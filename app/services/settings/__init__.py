"""The Jira settings page.

In the order of a save: drafts, form with project_choices, status_choices, field_mapping and
choice_words, left_out, save, differences.
"""
