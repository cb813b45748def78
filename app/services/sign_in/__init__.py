"""The door through which people come in: how often somebody may guess, and how much it costs us.
And where they are in: `user_sessions`, with `devices` for their words.

`delays` decides (pure), `guesses` keeps the count in rows, `hashing` lets one password be hashed
at a time.
"""
