"""The product, the stand-in and time itself in one process and one thread: docs/simulation.md.

To be read in this order: scheduler, doors (time, chance, side by side), database, network,
installation (workers and ticker), dry_ticks, script (what happens, from a seed), somebody,
acts_on_items, acts_on_settings, people, jiras_people, trouble, auditor, play (one seed), shrinking,
planted, ledger.
"""
