"""A stand-in for Jira Cloud: real HTTP, own process, own state, and stricter than Atlassian.

Start it with `python -m demo.jira_cloud`, or in a test with `demo.jira_cloud.server.start`.
"""
