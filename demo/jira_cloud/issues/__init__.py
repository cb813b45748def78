"""Issues by Jira's rules, and how Jira writes them.

To be read in this order: `adf_rules`, `conversion`, `bad_value`, `values`, `choices`, `kinds` and
`payloads` check what a request brings, `changelog` words what differs, `actions` and `transitions`
carry it out, `moments`, `marking`, `field_json` and `issue_json` write what is there.
"""
