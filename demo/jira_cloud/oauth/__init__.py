"""auth.atlassian.com, and which sites a token reaches.

To be read in this order: `tokens`, `consent`, `endpoints`.
"""
