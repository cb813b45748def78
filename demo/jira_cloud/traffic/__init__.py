"""What happens to every request, whatever it asks.

To be read in this order: `request_log`, `faults` and `limits`, which `exchange` puts around the
work itself.
"""
