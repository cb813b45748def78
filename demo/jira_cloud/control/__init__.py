"""The verbs by which a test, a page or another process changes the stand-in.

To be read in this order: `weather_verbs`, `screen_verbs`, `webhook_verbs` and `verbs` make up the
one object, `switches` gives the most wanted ones names for the start page, `over_http` answers for
another process, which calls `remote`.
"""
