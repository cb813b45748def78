"""The product, the stand-in and time itself in one process and one thread: docs/simulation.md.

To be read in this order: scheduler, doors (time, chance, side by side), database, network,
installation (workers and ticker), dry_ticks, script (what happens, from a seed), subjects (weathers
that came later), somebody, acts_on_items, acts_on_issues, acts_on_last_time, acts_on_statuses,
acts_on_settings, acts_on_choices, acts_on_sprints, people, jiras_people, jiras_screens,
jiras_sprints, trouble, auditor, play (one seed), shrinking, planted_fault, planted,
planted_last_time, planted_sprints, ledger.
"""
