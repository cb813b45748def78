"""History: who changed what in an organization's settings, from the rows that `audit` keeps.

subjects: what a change is of. changed_fields: what a saving of the Jira settings changed (pure).
names: what ids are called now. entry_words: a change in words (pure). change_pages: finding them.
change_views: a page of them, with what can be undone. change_table: the same for spreadsheets.
undo: taking back a change of where action items go. proposals: the page that asks before.
"""
