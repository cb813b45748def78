"""`make bench`: what Unpack costs, side by side with what it could cost, in one run.

Real processes, real Redis, real HTTP; only Jira is doubled (`double`). Ratios decide, because a
machine is as fast as it is just now. In the order of a run: `__main__` asks `lines` for what is to
be measured; each line is a module with a `LINE`; `machine` runs an installation and `founding`
fills it; `others`, `replay` and `bare` are what it is held against; `report` writes it down.
"""
