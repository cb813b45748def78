"""What else a mapping sends with each new issue: any field of its create screen.

In the order of a value: schemas (which field it is), field_kinds with field_kind and parsing (what
can be typed in, and what Jira is sent), value_tokens (what stands for the team, the owner …),
leaving_values (what leaves with an action item). Pure, all of it.
"""
