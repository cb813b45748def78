"""The Jira settings page.

In the order of a save: drafts, form with project_choices, status_choices, field_mapping and
choice_words, left_out, save, differences. Of the field values of a mapping: value_rows, value_forms
with value_results and value_search, save_values; of the default's, which are saved with all else,
default_values.
"""
