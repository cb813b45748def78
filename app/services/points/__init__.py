"""What Jira gives the app for an hour, and who may have it now (design.md §4.1).

allowance says how much of it may be spent on what by now (pure); pool takes points before requests
leave, and notes who waits; counted adds up what else was asked; waiting_words say what waits.
"""
