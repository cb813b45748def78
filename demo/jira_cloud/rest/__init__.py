"""api.atlassian.com/ex/jira/{cloud id}/rest/api/3.

To be read in this order: `gateway` checks what does not depend on the operation. Operations are in
`projects`, `screens`, `lists`, `people`, `issues`, `transitions`, `changelogs`, `properties`,
`remote_links`, `search` and `webhooks`; `operations` has them all.
"""
