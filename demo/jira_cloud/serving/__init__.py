"""HTTP for all of it.

To be read in this order: `control_routes`, `web` (which host leads where), `http_server`.
"""
