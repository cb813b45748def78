"""Somebody leaves an organization, or is removed from it.

legacies says what they leave behind, team by team; leaving hands over what was chosen.
"""
