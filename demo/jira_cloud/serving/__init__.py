"""HTTP for all of it.

To be read in this order: `front_door` (which host and path lead where), `http_server`,
`sender` (which posts what webhooks deliver).
"""
