"""api.atlassian.com/ex/jira/{cloud id}/rest/api/3.

To be read in this order: `gateway` checks what does not depend on the operation and lists the
operations, which are in `projects`, `people`, `issues`, `properties`, `search` and `webhooks`.
"""
