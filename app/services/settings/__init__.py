"""The Jira settings page.

In the order of a save: drafts, form with project_choices and field_mapping, save,
differences.
"""
