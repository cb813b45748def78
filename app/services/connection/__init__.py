"""Connecting an organization to a Jira site, keeping it, and letting go.

In the order of its life: consent, connect, resume, suspension, grant_upkeep, organization_plan,
disconnect;
cards and card_words (pure) say how it stands.
"""
