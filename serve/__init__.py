"""`make serve`: an installation for real work on one machine, with all of its processes.

In the order of a start: settings (what its processes are told), preparation (the database and the
first Owner), run (starts everything), command (`flask …` with the same settings).
"""
