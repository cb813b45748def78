"""Somebody leaves an organization, or is removed from it.

legacies says what they leave behind, team by team, legacy_words (pure) how a page says it; leaving
hands over what was chosen.
personal_data is all that is stored of somebody; account_deletion leaves nothing of it but what is
shared.
"""
