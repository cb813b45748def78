"""`flask doctor`: asks all that an installation stands on, and says how to mend what is wrong.

finding (one line), inside (settings, database, Redis, processes), searches (how far they look),
surroundings (mail, the way in, and Atlassian), restored (what is on hold), service_levels (of 28
days), examination (all of it in order).
"""
