"""A retrospective's phases and its action items.

In the order of a meeting: phases with phase_moves (pure), item_texts, action_items with due_words
(pure); earlier_items and untouched (pure), carrying and dropping for what was written before;
action_item_search with item_filters and item_scopes for the whole organization.
"""
