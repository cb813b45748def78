"""People, organizations, teams, and who may do what.

In the order in which a customer comes in: accounts, organizations, memberships, teams;
permissions decides for all of them.
"""
