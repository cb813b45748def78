"""Jira's query language.

To be read in this order: `jql` reads a query, `text_search` its words, `held` knows what an issue
holds, `jql_match` holds the one against the other.
"""
