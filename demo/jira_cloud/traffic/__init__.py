"""What happens to every request, whatever it asks.

To be read in this order: `messages` are what goes to and fro; `request_log`, `faults` and `limits`
are what `exchange` puts around the work itself; `routes` finds whose work it is.
"""
