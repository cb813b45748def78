"""Issues that people choose for action items, or create in Jira themselves (design.md §3.7).

typed (pure) reads what somebody typed, reach (pure) says which issues they may choose,
issue_search asks Jira, belonging says whose an issue is, choices puts all that together for a page.
held holds an action item that has no issue, and by_hand links it. unmarked is what the drain then
does, chosen_snapshot (pure) what a link remembers of its issue and what differs, undecided what a
person decides about that. finishing keeps an action item for who creates its issue in Jira,
prefilled_form is the form there, own_issues what they have created.
"""
