"""One drain of a connection: the effects, in order, around the services' decisions.

`rounds` claims and leads; `probing` settles unknown creates; `gathering` reads what a plan needs;
`pushing` sends; `failing` writes what went wrong. Each commits before Jira is called. Requests
run in threads that hold frozen values only: one thread reads and writes rows.
"""
