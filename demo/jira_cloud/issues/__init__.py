"""Issues by Jira's rules, and how Jira writes them.

To be read in this order: `adf_rules`, `conversion`, `values` and `payloads` check what a request
brings,
`changelog` words what differs, `actions` carries it out, `issue_json` writes what is there.
"""
