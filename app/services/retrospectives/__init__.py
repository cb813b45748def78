"""A retrospective's phases and its action items.

In the order of a meeting: phases, item_texts, action_items; action_item_search for the whole
organization.
"""
