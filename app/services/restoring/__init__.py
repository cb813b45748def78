"""After an older database was restored: a hold, and adopting what Jira has and it forgot.

on_hold puts every connection on hold and lets go of one; readiness (pure) says whether it may be
let go, and why not. adoptions_due: whose site is to be searched, and for what; found_issues
searches it and (pure) sorts what was found; known_of_issues (pure) is what a link then remembers of
its issue; adopt writes it down. design.md §3.6 has the reasons.
"""
