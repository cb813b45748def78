"""`flask jira explain`: what is known of one issue link, and what comes next, and when.

past (what happened, in order), next_step (what comes), report (both, as an operator reads them).
"""
