"""A Jira that answers after a fixed time and does nothing else: `python -m bench.double --port …`.

A process of its own that imports nothing of ours, so that what it costs is not Unpack's, and an
error of Unpack's cannot hide in it. `wire` speaks HTTP, `jira` knows what is answered, `memory`
holds issues and what was asked, `points` is Atlassian's hourly quota.
"""
