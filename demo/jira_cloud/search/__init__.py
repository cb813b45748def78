"""Jira's query language.

To be read in this order: `jql` reads a query, `jql_match` holds an issue against it.
"""
