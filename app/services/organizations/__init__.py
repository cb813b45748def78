"""People, organizations, teams, and who may do what.

In the order in which a customer comes in: accounts, with password_rules, one_time_links,
passwords, single_sign_on and email_changes; organizations with organization_zones, memberships,
ownership, teams with team_archive; invitations, with invitation_words for their page; permissions
decides for all, of what team_access finds in one statement where many ask.
"""
