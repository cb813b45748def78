"""The judge: what must never be, and what must come true. It knows nothing of the product's code.

It hears what people meant, sees every request and every event in Jira, and reads rows in plain SQL.
memory (what it knows), linking, choices and statuses (what people choose), outward (requests),
inward (rows), last_time (what is carried over and dropped), quiet (when all is calm), auditor.
"""
