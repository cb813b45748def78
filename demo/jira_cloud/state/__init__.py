"""What the stand-in remembers, and what a switch changes about it.

To be read in this order: `store` keeps documents, `conditions` are the switches, `world` holds
both behind one lock. On it stand `permissions` (who may do what where), `offered` (what may be
chosen there), `sprints`, `search_index` (what a search sees, and when) and `records` (issues as
they are kept).
"""
