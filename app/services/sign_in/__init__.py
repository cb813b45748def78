"""The door through which people come in: how often somebody may guess, and how much it costs us.

`delays` decides (pure), `guesses` keeps the count in rows, `hashing` lets one password be hashed
at a time.
"""
